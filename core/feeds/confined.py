"""Calendars of strangers, read in a process of its own: `python -m core.feeds.confined`, with its bytes on the input.

Whatever they are, the process ends within 2 s of a processor's time and 256 MB, can write no file and knows no secret:
it has neither the settings nor a way to the database.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Final

from core.feeds.busy import Busy, Stretch, busy_times
from core.feeds.series import TooMuchError
from core.feeds.straining import MOST_BYTES, UnreadableCalendarError

#: Address space; what is resident is less.
MOST_MEMORY: Final = 256 * 1024 * 1024
#: Seconds of a processor: for one entry, for all of them, and after which the system ends the process.
_ENTRY_SECONDS: Final = 0.15
_SECONDS: Final = 1.0
_LAST_SECOND: Final = 2
#: By the clock on the wall, for a machine that has much else to do.
_PATIENCE: Final = 6.0
_TOO_MUCH: Final = b'{"refused": "too_much"}'


def busy_of_stranger(content: bytes, window: Stretch, zone: str) -> Busy:
    """Return what `busy_times` returns, worked out in a process with limits.

    UnreadableCalendarError says `no_calendar` or, for whatever went over a limit, `too_much`.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableCalendarError("too_much")
    asked = json.dumps([window[0].isoformat(), window[1].isoformat(), zone])
    # Neither the settings nor any other secret of this process is handed on.
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONTZPATH") if name in os.environ}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            [sys.executable, "-m", "core.feeds.confined", asked],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_PATIENCE,
            check=True,
        )
        return _read(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise UnreadableCalendarError("too_much") from error


def answer(content: bytes, window: Stretch, zone: str) -> bytes:
    """Return what the process answers: the stretches, or why there are none."""
    try:
        busy = busy_times(content, window, zone, brake=_entry_in_time)
    except UnreadableCalendarError as error:
        return json.dumps({"refused": error.code}).encode()
    except MemoryError:
        return _TOO_MUCH
    times = [[begin.isoformat(), end.isoformat()] for begin, end in busy.times]
    return json.dumps({"times": times, "unread": busy.unread}).encode()


def confine() -> None:
    """Take from this process, for good, what reading a calendar doesn't need."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, _LAST_SECOND),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    signal.signal(signal.SIGPROF, _over)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    signal.signal(signal.SIGVTALRM, _entry_over)


def _over(_number: int, _frame: FrameType | None) -> None:
    # An exception could be taken for another one by whatever is running.
    os.write(sys.stdout.fileno(), _TOO_MUCH)
    os._exit(0)


def _entry_over(_number: int, _frame: FrameType | None) -> None:
    raise TooMuchError


@contextmanager
def _entry_in_time() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_VIRTUAL, _ENTRY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _read(answered: bytes) -> Busy:
    told = json.loads(answered)
    if "refused" in told:
        raise UnreadableCalendarError(told["refused"])
    times = ((datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in told["times"])
    return Busy(tuple(times), told["unread"])


def main() -> None:
    """Read a calendar from the input, and write when somebody is busy."""
    confine()
    begin, end, zone = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    told = answer(content, (datetime.fromisoformat(begin), datetime.fromisoformat(end)), zone)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
