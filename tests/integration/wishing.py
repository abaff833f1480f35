"""A small station whose families give their wishes until Thursday noon; its term begins nine days later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Station
from core.domain.registering import Way
from core.domain.wishing import Draw
from core.services.registration.intakes import TermDraft, keep_term_intake
from core.services.wishes.lists import WishDraft, Wishes, save_wishes
from core.services.wishes.rounds import enter_draw
from tests.integration.builders import a_station, a_term, at
from tests.integration.registering import Hands, a_candidate, a_desk, an_announced

FIRST = date(2026, 12, 5)
FROM, UNTIL = datetime(2026, 11, 20, 8), datetime(2026, 11, 26, 12)  # noqa: DTZ001 (the station's wall clock)
#: From TEST_MOMENT, nine o'clock, to when wishes are over, and to when the draw that counts was held.
TO_THE_END, TO_THE_DRAW = timedelta(hours=3), timedelta(days=4)
DRAW = Draw("2026137", date(2026, 11, 29), (2, 6, 9, 17, 18, 33), 11)
SEED = "202613702060917183311"


@dataclass(frozen=True)
class Wished:
    """What was stored, by ids."""

    station: UUID
    term: UUID
    activities: tuple[UUID, ...]
    children: tuple[UUID, ...]


def a_wish_dates(**values: Any) -> TermDraft:
    """Return a term's dates: wishes until Thursday noon, then free places from a week later on."""
    return TermDraft(**{"way": Way.WISHES, "wishes_from": FROM, "wishes_until": UNTIL, **values})


def a_wish_term(
    session: Session,
    *,
    activities: int = 3,
    capacity: int = 1,
    children: int = 2,
    station: Station | None = None,
    **intake: object,
) -> Wished:
    """Store a station whose term takes wishes for activities, each at an hour of its own, with `capacity` places."""
    station = station or a_station(session)
    term = a_term(session, station, first=FIRST)
    keep_term_intake(session, a_desk(), term.id, a_wish_dates())
    people = tuple(a_candidate(session, station).id for _ in range(children))
    said = {"way": Way.WISHES, **intake}
    hours = [at(FIRST + timedelta(days=number // 5), 8 + 2 * (number % 5)) for number in range(activities)]
    made = tuple(an_announced(session, term, capacity, hour, intake=said, zones=[]).id for hour in hours)
    return Wished(station.id, term.id, made, people)


def wish(
    session: Session,
    wished: Wished,
    child: int,
    *ranked: int,
    seen: int = 0,
    most: int | None = None,
    friends: Sequence[str] = (),
    clock: Hands | None = None,
) -> Wishes:
    """Save the list of a child by its position, of activities by theirs."""
    draft = WishDraft(tuple(wished.activities[one] for one in ranked), most, tuple(friends))
    return save_wishes(session, a_desk(clock), wished.children[child], wished.term, draft, seen=seen)


def draw_lots(session: Session, wished: Wished, clock: Hands) -> str:
    """Let time go by to the day after the draw, and enter it."""
    clock.pass_by(TO_THE_DRAW)
    return enter_draw(session, a_desk(clock), wished.term, DRAW, "www.cwl.gov.cn")
