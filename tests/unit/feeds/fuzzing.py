"""Tries reading with mutated calendars, each in a process of its own: `python tests/unit/feeds/fuzzing.py SEED COUNT`.

Each process is a copy of this small one, which has read no calendar, and is confined as one of the product's own is;
the system says how long it took and how much memory it had. Prints one line of JSON.
"""

import json
import os
import resource
import sys
import time
import traceback
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from strange_calendars import mutations

from core.feeds import confined

_WINDOW = (datetime(2027, 1, 1), datetime(2027, 12, 31))  # noqa: DTZ001 (the station's clock)
_ZONE = "Asia/Shanghai"


def _in_child(content: bytes, out: int) -> None:
    try:
        os.dup2(out, 1)
        confined.confine()
        os.write(1, confined.answer(content, _WINDOW, _ZONE))
    except BaseException:  # noqa: BLE001 (whatever it is, it is a crash)
        os.write(2, traceback.format_exc().encode())
        os._exit(3)
    os._exit(0)


def _read_all(source: int) -> bytes:
    parts = []
    while part := os.read(source, 65_536):
        parts.append(part)
    return b"".join(parts)


def attempt(content: bytes) -> tuple[str, float, float, int]:
    """Return what came of a calendar, its seconds of a processor and by the clock, and its memory in MB."""
    source, out = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(source)
        _in_child(content, out)
    os.close(out)
    answered = _read_all(source)
    os.close(source)
    _, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - begun
    try:
        told = json.loads(answered)
        outcome = told.get("refused") or ("some" if told["unread"] else "read")
    except ValueError:
        outcome = "crash"
    if status != 0:
        outcome = "crash"
    return outcome, usage.ru_utime + usage.ru_stime, seconds, usage.ru_maxrss // 1024


def main() -> None:
    """Try, and print counts, the slowest and the most memory; what crashes is kept beside."""
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    counts: dict[str, int] = {}
    slowest = longest = 0.0
    most = 0
    crashes: list[str] = []
    for _, content in zip(range(count), mutations(seed), strict=False):
        outcome, used, seconds, memory = attempt(content)
        counts[outcome] = counts.get(outcome, 0) + 1
        slowest, longest, most = max(slowest, used), max(longest, seconds), max(most, memory)
        if outcome == "crash":
            crashes.append(content.hex())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = {"counts": counts, "slowest": slowest, "longest": longest, "memory": most, "own": own}
    sys.stdout.write(json.dumps({**told, "crashes": crashes[:3]}))


if __name__ == "__main__":
    main()
