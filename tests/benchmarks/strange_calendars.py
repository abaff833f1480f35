"""What reading busy times makes of 100,000 mutated calendars, each in a process of its own with its limits.

Ends with an error if one of them crashes, takes more than 2 s of a processor or more than 256 MB. With a number as
argument it tries that many.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_PROGRAM = _ROOT / "tests/unit/feeds/fuzzing.py"
_COUNT = 100_000
_MOST_SECONDS = 2.0
_MOST_MEMORY = 256
_WORDS = {
    "read": "read",
    "some": "read but for single entries",
    "no_calendar": "refused: no calendar",
    "too_much": "refused: over a limit",
    "crash": "crashed",
}


def _tried(count: int) -> list[dict[str, Any]]:
    workers = int(os.environ.get("WEIBAO_WORKERS", "0")) or os.cpu_count() or 1
    share = -(-count // workers)
    running = [
        subprocess.Popen(
            [sys.executable, str(_PROGRAM), str(seed), str(share)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONWARNINGS": "ignore"},
        )
        for seed in range(1, workers + 1)
    ]
    return [json.loads(process.communicate()[0]) for process in running]


def main() -> int:
    """Try, print the table, and return 1 if a limit was broken."""
    found = _tried(int(sys.argv[1]) if len(sys.argv) > 1 else _COUNT)
    counts = sum((Counter(one["counts"]) for one in found), Counter[str]())
    slowest, longest, memory = (max(one[name] for one in found) for name in ("slowest", "longest", "memory"))
    print(f"{'calendars':<42}{sum(counts.values()):>9}")
    for word, text in _WORDS.items():
        print(f"{text:<42}{counts[word]:>9}")
    print(f"{'slowest, seconds of a processor':<42}{slowest:>9.2f}")
    print(f"{'slowest, seconds by the clock':<42}{longest:>9.2f}")
    print(f"{'most memory, MB':<42}{memory:>9}")
    for content in (content for one in found for content in one["crashes"]):
        print(f"crashed: {content[:2000]}")
    return int(counts["crash"] > 0 or slowest > _MOST_SECONDS or memory > _MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
