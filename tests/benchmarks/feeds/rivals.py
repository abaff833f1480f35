"""The servers that are compared, each on a port of its own and all on the same cores.

Ours, bare Flask and Radicale run under the same server, gunicorn, with the same options; nginx sends files. Radicale
and nginx come from the system's packages.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.config import Settings

#: As `weibao serve` has them by itself.
WORKERS: Final = 2
THREADS: Final = 64
_GUNICORN: Final = ("--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread")
_STARTS_WITHIN: Final = 60.0
_NGINX: Final = """
user root;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    types {{ text/calendar ics; }}
    # What is zipped beforehand is sent as it lies there; it is the limit of what any server can do.
    gzip_static on;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
_RIGHTS: Final = """
[all]
user: .*
collection: .*
permissions: RrWw
"""
_RADICALE: Final = """
[auth]
type = none
[rights]
type = from_file
file = {rights}
[storage]
filesystem_folder = {root}
[logging]
level = error
"""


@dataclass(frozen=True)
class Server:
    """A server that answers on a port of this machine."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def resident(self) -> int:
        """Return how many bytes of memory its processes have, as far as each has them for itself or shares them."""
        return sum(_proportional(pid) for pid in _family(self.process.pid))


@contextmanager
def ours(settings: Settings, cores: set[int]) -> Iterator[Server]:
    """Serve the installation as an operator would."""
    command = (sys.executable, "-c", "from core.cli.main import main; main()", "serve")
    with _running("weibao", lambda port: (*command, "--bind", _at(port)), cores, settings.to_environment()) as server:
        yield server


@contextmanager
def bare(folder: Path, cores: set[int]) -> Iterator[Server]:
    """Serve an application of Flask that answers 304 and looks nothing up."""
    with _running(
        "bare Flask", lambda port: (sys.executable, "-m", "tests.benchmarks.feeds.bare", _at(port), str(folder)), cores
    ) as server:
        yield server


@contextmanager
def radicale(folder: Path, cores: set[int]) -> Iterator[Server]:
    """Serve the calendars that lie in a folder as Radicale keeps them."""
    config = folder.parent / "radicale.ini"
    rights = folder.parent / "radicale.rights"
    rights.write_text(_RIGHTS, encoding="utf-8")
    config.write_text(_RADICALE.format(root=folder, rights=rights), encoding="utf-8")
    environment = {"RADICALE_CONFIG": str(config), "PYTHONPATH": ""}
    command = ("/usr/bin/gunicorn", *_GUNICORN, "--bind")
    with _running("Radicale", lambda port: (*command, _at(port), "radicale:application"), cores, environment) as server:
        yield server


@contextmanager
def nginx(folder: Path, cores: set[int]) -> Iterator[Server]:
    """Serve a folder of files."""
    config = folder.parent / "nginx.conf"

    def command(port: int) -> Sequence[str]:
        config.write_text(
            _NGINX.format(workers=WORKERS, folder=folder.parent, port=port, root=folder), encoding="utf-8"
        )
        return ("/usr/sbin/nginx", "-e", str(folder.parent / "nginx.log"), "-c", str(config), "-g", "daemon off;")

    with _running("nginx", command, cores) as server:
        yield server


@contextmanager
def _running(
    name: str, command: Callable[[int], Sequence[str]], cores: set[int], environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends, on these cores alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pinned = ("taskset", "--cpu-list", ",".join(map(str, sorted(cores))))
    process = subprocess.Popen(
        (*pinned, *command(port)),
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port, process)
        yield Server(name, port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("A server doesn't answer.")


def _at(port: int) -> str:
    return f"127.0.0.1:{port}"


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        yield from _family(int(child))


def _proportional(pid: int) -> int:
    """Return the process's memory, with its part of what it shares with others (`Pss` of proc(5))."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
