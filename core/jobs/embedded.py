"""The embedded engine: a process of this machine for each run, and one for the work of a day."""

import os
import subprocess
import sys
from threading import Lock, Thread
from uuid import UUID

from core.config import Settings


class EmbeddedEngine:
    """Starts `python -m core.worker` for a run, which reads the settings from its environment as every command does.

    Other processes may start one for the same run: the row says which of them has it, and the others end.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._processes: dict[UUID, subprocess.Popen[bytes]] = {}

    def start(self, run_id: UUID) -> None:
        """Start a process for the run, unless one that was started here still lives."""
        with self._lock:
            self._processes = {key: process for key, process in self._processes.items() if process.poll() is None}
            if run_id not in self._processes:
                self._processes[run_id] = self._started(run_id)

    def wait(self, run_id: UUID) -> int | None:
        """Wait until the run's process has ended, and return its exit code; None if none was started here."""
        process = self._processes.get(run_id)
        return None if process is None else process.wait()

    def _started(self, run_id: UUID) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and module, and an id)
            [sys.executable, "-m", "core.worker", str(run_id)],
            env={**os.environ, **self._settings.to_environment()},
            stdin=subprocess.DEVNULL,
            # Stopping the server by Ctrl-C stops no run: it ends by itself, and its draft is there next time.
            start_new_session=True,
        )
        # Whoever waits for a process takes it off the system's table when it has ended.
        Thread(target=process.wait, daemon=True).start()
        return process


def start_daily(settings: Settings) -> None:
    """Start `python -m core.daily`, which takes the day's row or ends where another process has it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "core.daily"],
        env={**os.environ, **settings.to_environment()},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=process.wait, daemon=True).start()
