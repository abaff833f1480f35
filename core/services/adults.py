"""Who counts as an adult at a session, and who lives with whom: for the planner, the marks of safety and the door."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer
from core.db.queries import volunteers as queries
from core.domain.serving import is_adult
from core.services.assignable import may_be_assigned
from core.services.availability import company_of
from core.services.stations import subtrees


class Homes:
    """Who lives with whom at a station and below it; the stations of `rows` are looked up together."""

    def __init__(self, session: Session, rows: Iterable[ActivitySession] = ()) -> None:
        self._session = session
        self._stations = {row.station_id for row in rows}
        self._known: dict[UUID, Mapping[UUID, str]] = {}

    def at(self, station_id: UUID) -> Mapping[UUID, str]:
        """Return the household by volunteer of those of a station who live with somebody else who serves."""
        if station_id not in self._known:
            self._look_up({station_id, *self._stations} - self._known.keys())
        return self._known[station_id]

    def _look_up(self, stations: Collection[UUID]) -> None:
        below = subtrees(self._session, stations)
        people = self._session.scalars(queries.people_with_households(set().union(*below.values()))).all()
        for one, theirs in below.items():
            self._known[one] = households([row for row in people if row.station_id in theirs])


def households(rows: Sequence[Volunteer]) -> dict[UUID, str]:
    """Return the household of each who lives with another: by the file, or because one of them says so.

    What a household is called is free text, and may be somebody's name; here it gets a number.
    """
    homes = {row.id: {row.id} for row in rows}
    named: dict[str, UUID] = {}
    for row in rows:
        others = set(company_of(row).lives_with) | (
            {named.setdefault(row.household, row.id)} if row.household else set()
        )
        for other in others:
            together = homes[row.id] | homes.get(other, {other})
            homes.update(dict.fromkeys(together, together))
    kept = {key: min(together) for key, together in homes.items() if len(together) > 1}
    numbers = {home: f"home-{number}" for number, home in enumerate(sorted(set(kept.values())))}
    return {key: numbers[home] for key, home in kept.items()}


def counted(
    people: Iterable[Volunteer], homes: Mapping[UUID, str], day: date, *, today: date
) -> tuple[str | None, ...]:
    """Return the household of each who counts as an adult on a day, None for one of their own.

    Whoever is under age, or may not serve on the day any more, counts for nobody.
    """
    return tuple(
        homes.get(one.id) for one in people if is_adult(one.birth_date, day) and may_be_assigned(one, day, today=today)
    )
