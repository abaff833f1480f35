"""What memory a server takes: its threads share a few pools, whatever the C library would do by itself."""

import subprocess
import sys
from typing import Final

#: Counts the pools beside the first after many threads have taken memory at once; each begins where 64 MB do.
_PROGRAM: Final = """
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from core.cli.serve import share_memory

if sys.argv[1] == "shared":
    share_memory()
barrier = Barrier(16)


def take(number):
    taken = [bytes(2000 + number) for _ in range(50)]
    barrier.wait()
    return len(taken)


with ThreadPoolExecutor(16) as pool:
    list(pool.map(take, range(16)))
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
print(len(re.findall(r"^[0-9a-f]*[048c]000000-[0-9a-f]+ rw-p 0+ 00:00 0 *$", maps, re.MULTILINE)))
"""


def test_many_threads_take_memory_from_two_pools() -> None:
    alone, shared = (
        int(subprocess.run((sys.executable, "-c", _PROGRAM, how), capture_output=True, check=True).stdout)
        for how in ("alone", "shared")
    )
    assert alone > shared
    assert shared <= 2
