"""How much memory the server has while calendars are fetched and entries change, minute after minute."""

from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from core.db.models import FeedItem
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import SystemClock
from core.security.vault import Vault
from tests.benchmarks.feeds.load import Asker
from tests.benchmarks.feeds.volunteers import Subscribed

#: Calendars that change between two looks at the memory.
_CHANGED: Final = 200
#: A look after so many seconds of asking.
_EVERY: Final = 15
#: What the last third may have more than the middle one, on the average: arenas are not given back to the page.
_SLACK: Final = 1.05


@dataclass(frozen=True)
class Memory:
    """What was seen, in bytes, one after the other, over how many minutes; and how many answers were errors."""

    seen: tuple[int, ...]
    minutes: float
    errors: int

    @property
    def is_flat(self) -> bool:
        """Tell whether it has stopped to grow: the last third has no more than the middle one."""
        third = max(1, len(self.seen) // 3)
        middle, last = self.seen[third : 2 * third] or self.seen, self.seen[-third:]
        return sum(last) / len(last) <= _SLACK * sum(middle) / len(middle)

    def line(self) -> str:
        """Return what it was at the start, in the middle and at the end."""
        start, middle, end = (self.seen[index] / 1e6 for index in (0, len(self.seen) // 2, -1))
        return f"{start:.0f}, {middle:.0f}, {end:.0f} in {self.minutes:g} min"


def watched(asker: Asker, subscribed: Subscribed, cores: set[int], *, minutes: float, rate: float) -> Memory:
    """Ask so long and so often, while calendars change one after the other, and look at the memory on the way."""
    settings = subscribed.settings
    seen, errors = [asker.server.resident()], 0
    with closing(_Changing(Database(settings.database_url, Vault.of_file(settings.key_file)), subscribed)) as changing:
        for _ in range(max(3, round(60 * minutes / _EVERY))):
            changing.go_on()
            errors += asker.ask(_EVERY, cores, rate=rate).errors
            seen.append(asker.server.resident())
    return Memory(tuple(seen), minutes, errors)


class _Changing:
    """Changes what calendars say, some at a time."""

    def __init__(self, database: Database, subscribed: Subscribed) -> None:
        self._database = database
        self._volunteers = list(subscribed.station_of)
        self._next = 0

    def go_on(self) -> None:
        """Move the first duty of some volunteers, as when a plan was published."""
        several = [self._volunteers[(self._next + n) % len(self._volunteers)] for n in range(_CHANGED)]
        self._next += _CHANGED
        with self._database.writing(EVERYTHING) as session:
            session.execute(
                update(FeedItem)
                .where(FeedItem.subject.in_(several))
                .values(sequence=FeedItem.sequence + 1, changed_at=SystemClock().now())
            )

    def close(self) -> None:
        self._database.dispose()
