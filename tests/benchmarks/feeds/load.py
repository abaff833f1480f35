"""Requests by wrk, which leaves the servers' cores alone."""

import http.client
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from tests.benchmarks.feeds.rivals import WORKERS, Server

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_SAID: Final = re.compile(r"WRK requests=(\d+) micros=(\d+) p50=(\d+) p99=(\d+) p999=\d+ status=(\d+) other=(\d+)")
CONNECTIONS: Final = 32
_runs = count(1)


@dataclass(frozen=True)
class Answered:
    """What came of a load: answers a second, their times in ms, and how many were errors."""

    rate: float
    p50: float
    p99: float
    errors: int


@dataclass(frozen=True)
class Asker:
    """Asks a server for the addresses that stand in a file, each with the tag under which it is known, if any."""

    server: Server
    addresses: Path

    def ask(self, seconds: int, cores: set[int], *, rate: float = 0) -> Answered:
        """Ask as fast as it goes, or so many times a second on the average."""
        pause = 1000 * CONNECTIONS / rate if rate else 0
        pinned = ("taskset", "--cpu-list", ",".join(map(str, sorted(cores))))
        command = ("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", str(_SCRIPT))
        given = (f"http://127.0.0.1:{self.server.port}", "--", str(self.addresses), str(next(_runs)), f"{pause:.3f}")
        done = subprocess.run((*pinned, *command, *given), capture_output=True, text=True, check=True)
        said = _SAID.search(done.stdout)
        if said is None:
            raise RuntimeError(done.stdout + done.stderr)
        requests, micros, p50, p99, *errors = map(int, said.groups())
        return Answered(1e6 * requests / micros, p50 / 1000, p99 / 1000, sum(errors))


def fetched(server: Server, paths: Sequence[str], into: Path) -> Asker:
    """Fetch each address once, and return who asks for them with the tags that were given."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    with into.open("w", encoding="utf-8") as file:
        for path in paths:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 304}:
                raise RuntimeError(f"{answer.status} {path}")
            file.write(f"{path} {answer.headers.get('ETag', '')}\n")
    connection.close()
    return Asker(server, into)


def warmed(server: Server, paths: Sequence[str], into: Path) -> Asker:
    """Fetch each address until every process of the server is likely to have had it; return who asks, as `fetched`."""
    # A connection stays with a process; which one it is can't be chosen.
    connections = 4 * WORKERS
    with ThreadPoolExecutor(connections) as pool:
        for number in range(connections):
            start = number * len(paths) // connections
            pool.submit(fetched, server, [*paths[start:], *paths[:start]], into.with_suffix(f".{number}"))
    return fetched(server, paths, into)


def without_tags(asker: Asker) -> Asker:
    """Return who asks for the same addresses as somebody who has nothing yet."""
    into = asker.addresses.with_suffix(".full")
    lines = asker.addresses.read_text(encoding="utf-8").splitlines()
    into.write_text("".join(f"{line.split(' ')[0]}\n" for line in lines), encoding="utf-8")
    return Asker(asker.server, into)
