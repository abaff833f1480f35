"""The write gate of the embedded database: one writer at a time across processes, none starved.

SQLite lets waiting writers poll, and under load some of them lose for seconds; waiting in line on a file lock keeps
the longest wait short.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WriteGate:
    """A lock on a file beside the database; the operating system releases it when its holder dies."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Wait for the turn to write, and give it up at the end."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
