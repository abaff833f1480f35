"""The real server, `weibao serve`, as a process of its own that can be stopped or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.config import Settings

_COMMAND: Final = (sys.executable, "-c", "from core.cli.main import main; main()", "serve")
_STARTS_WITHIN: Final = 60.0


@dataclass(frozen=True)
class Running:
    """A server that answers on a port of this machine; its processes are a group of their own."""

    port: int
    process: subprocess.Popen[bytes]

    def processor_seconds(self) -> float:
        """Return how long its processes have kept a core busy so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # After the name, which may hold anything; in proc(5) the group is field 5, the times are 14 and 15.
                fields = stat.read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == self.process.pid else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator would."""
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def serving(settings: Settings, log: Path, options: Sequence[str] = ()) -> Iterator[Running]:
    """Serve an installation on a free port until the block ends; what the server says goes to a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (*_COMMAND, "--bind", f"127.0.0.1:{port}", *options)
    with log.open("ab") as said:
        process = subprocess.Popen(
            command,
            env={**os.environ, **settings.to_environment()},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    running = Running(port, process)
    try:
        _wait_for(running, log)
        yield running
    finally:
        if process.poll() is None:
            running.stop()


def _wait_for(running: Running, log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and running.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", running.port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server doesn't answer: {log.read_text(encoding='utf-8')[-2000:]}")
