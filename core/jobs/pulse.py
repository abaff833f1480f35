"""The pulse of a process that carries out a run: every second it says that it lives, and hears whether to stop."""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeVar

import structlog

log = structlog.get_logger()

_BEAT_SECONDS: Final = 1.0


class News(Protocol):
    """What a run's page shows of it meanwhile."""

    def at(self, elapsed: float) -> Self:
        """Return the same news after so many seconds."""
        ...


Told = TypeVar("Told", bound=News)


class Pulse(Generic[Told]):
    """Reports the news of a run every second from a thread of its own; a report answers whether to go on."""

    def __init__(self, news: Told, report: Callable[[Told], bool]) -> None:
        self._news, self._report = news, report
        self._lock = Lock()
        self._started = monotonic()
        self._stop, self._over = Event(), Event()
        self._thread = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.rest()

    def rest(self) -> None:
        """Report no more: what comes next is told by whoever ends the run."""
        self._over.set()
        self._thread.join()

    def change(self, change: Callable[[Told], Told]) -> None:
        """Take what is new."""
        with self._lock:
            self._news = change(self._news)

    def news(self) -> Told:
        """Return the news of this moment."""
        with self._lock:
            self._news = self._news.at(monotonic() - self._started)
            return self._news

    def is_stopped(self) -> bool:
        """Tell whether somebody wants the run to stop, or it is no longer this process's."""
        return self._stop.is_set()

    def _beat(self) -> None:
        while not self._over.wait(_BEAT_SECONDS):
            try:
                goes_on = self._report(self.news())
            except Exception as error:
                log.warning("pulse_failed", exc_info=error)
            else:
                if not goes_on:
                    self._stop.set()
