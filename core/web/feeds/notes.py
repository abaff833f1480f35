"""Notes of which feeds were fetched: gathered for a moment and written together, as each write waits for the disk."""

from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from core.domain.actor import EVERYTHING
from core.extensions import wiring_of
from core.services.subscriptions import note_fetches

#: For how many seconds notes wait for others. What a killed process had gathered is lost until the next fetch.
GATHERED_FOR: Final = 2.0


class FetchNotes:
    """The fetches that a process has answered and not written down yet."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._fetches: dict[UUID, datetime] = {}
        self._lock = Lock()

    def add(self, token_id: UUID) -> None:
        """Note a fetch; a server writes it a moment later."""
        with self._lock:
            # The moment of the fetch, not of the note: what changes in between hasn't been seen.
            self._fetches[token_id] = wiring_of(self._app).clock.now()

    def are_waiting(self) -> bool:
        """Tell whether there is something to write."""
        return bool(self._fetches)

    def write(self) -> None:
        """Write what was gathered; where that fails it waits on."""
        with self._lock:
            fetches, self._fetches = self._fetches, {}
        if not fetches:
            return
        try:
            with wiring_of(self._app).database.writing(EVERYTHING) as session:
                note_fetches(session, fetches)
        except SQLAlchemyError:
            with self._lock:
                self._fetches = {**fetches, **self._fetches}
            raise
