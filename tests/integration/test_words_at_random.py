"""People asked, answering, swapping, signing up and giving up in any order: whatever they do, the same things hold."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Assignment, DutyRequest, DutySwap, Volunteer
from core.domain.errors import DomainError
from core.domain.replies import LIVE, OPEN_SWAPS, RequestState
from core.domain.serving import is_adult
from core.services.adults import Homes
from core.services.audit import verify_chain
from core.services.replies.answering import accept, decline, give_up, take_back
from core.services.replies.asking import Terms, ask, withdraw
from core.services.replies.keeping import end_swap, requests_due, swaps_due, turn_request
from core.services.replies.occasions import find_session
from core.services.replies.safety import is_unsafe
from core.services.replies.signing_up import sign_up
from core.services.replies.swapping import offer, take, withdraw_offer
from tests.integration.asked import LEAD, Weekend, a_weekend, another_session, entry

STEPS = 40
#: After these a session that was safe may be unsafe: somebody took a place that they had away.
MAY_HARM = {"give_up", "decline", "take_back", "turn"}


class Walk:
    """A town in which somebody does something at random, an hour or so after the last."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.hours = session, 0.0
        self.rng = random.Random(seed)  # noqa: S311 (whom chance picks)
        self.town: Weekend = a_weekend(session, people=8, places=3)
        minor, mother, father = self.town.people[5:8]
        minor.birth_date, minor.guardian_consent_on = date(2010, 1, 1), date(2026, 1, 1)
        mother.household = father.household = "一家"
        self.rows = [
            find_session(session, self.town.session.id),
            another_session(session, self.town, 9, serving=self.town.people[2:4]),
            another_session(session, self.town, 10, day=1, serving=self.town.people[:2], places=3),
            another_session(session, self.town, 16, day=1, serving=self.town.people[6:7], duration=150),
        ]
        self.done: Counter[str] = Counter()

    def anybody(self) -> int:
        """Return the number of one of the people."""
        return self.rng.randrange(len(self.town.people))

    def step(self) -> str:
        """Let somebody do something, and return what it was; what is refused changes nothing."""
        self.hours += self.rng.random() * 1.5
        name = self.rng.choice(list(DEEDS))
        try:
            with self.session.begin_nested():
                if DEEDS[name](self):
                    self.done[name] += 1
        except DomainError:
            self.done["refused"] += 1
        return name

    def request(self) -> tuple[DutyRequest, int]:
        """Return one of the newest requests and the number of its person; LookupError where there is none."""
        rows = self.session.scalars(select(DutyRequest).order_by(DutyRequest.id.desc()).limit(6)).all()
        row = self.rng.choice(rows)
        return row, [one.id for one in self.town.people].index(row.volunteer_id)


def _answering(deed: Callable[..., object]) -> Callable[[Walk], object]:
    def do(walk: Walk) -> object:
        if not walk.session.scalars(select(DutyRequest).limit(1)).all():
            return None
        row, number = walk.request()
        return deed(walk.session, walk.town.theirs(number, walk.hours), row.id, row.volunteer_id)

    return do


def _ask(walk: Walk) -> object:
    row, who = walk.rng.choice(walk.rows), walk.town.people[walk.anybody()]
    terms = Terms(hours=walk.rng.choice([1, 4, 24]), go_on=walk.rng.random() < 0.5)
    return ask(walk.session, walk.town.desk(walk.hours), row.id, LEAD, who.id, terms)


def _withdraw(walk: Walk) -> object:
    if not walk.session.scalars(select(DutyRequest).limit(1)).all():
        return None
    return withdraw(walk.session, walk.town.desk(walk.hours), walk.request()[0].id)


def _of_session(deed: Callable[..., object]) -> Callable[[Walk], object]:
    def do(walk: Walk) -> object:
        number, row = walk.anybody(), walk.rng.choice(walk.rows)
        return deed(walk.session, walk.town.theirs(number, walk.hours), row.id, walk.town.people[number].id)

    return do


def _sign_up(walk: Walk) -> object:
    number, row = walk.anybody(), walk.rng.choice(walk.rows)
    who = walk.town.people[number]
    return sign_up(walk.session, walk.town.theirs(number, walk.hours), row.id, LEAD, who.id)


def _of_swap(deed: Callable[..., object]) -> Callable[[Walk], object]:
    def do(walk: Walk) -> object:
        swaps = walk.session.scalars(select(DutySwap).where(DutySwap.state.in_(OPEN_SWAPS))).all()
        if not swaps:
            return None
        number = walk.anybody()
        desk = walk.town.theirs(number, walk.hours)
        return deed(walk.session, desk, walk.rng.choice(swaps).id, walk.town.people[number].id)

    return do


def _turn(walk: Walk) -> object:
    desk, turned = walk.town.desk(walk.hours), 0
    for key in requests_due(walk.session, desk):
        turned += turn_request(walk.session, desk, key)
    for key in swaps_due(walk.session, desk):
        turned += end_swap(walk.session, desk, key)
    return turned


DEEDS: dict[str, Callable[[Walk], object]] = {
    "ask": _ask,
    "accept": _answering(accept),
    "decline": _answering(decline),
    "take_back": _answering(take_back),
    "withdraw": _withdraw,
    "give_up": _of_session(give_up),
    "offer": _of_session(offer),
    "sign_up": _sign_up,
    "take": _of_swap(take),
    "withdraw_offer": _of_swap(withdraw_offer),
    "turn": _turn,
}


def wrong(walk: Walk) -> Iterator[str]:
    """Yield what must never be."""
    today = walk.town.desk().now.date()
    duties = walk.session.scalars(select(Assignment)).all()
    for row in walk.rows:
        serving = [one for one in duties if one.session_id == row.id]
        if len(serving) > row.activity.roles[0].wanted:
            yield f"too many in {row.activity.title}"
    for one in duties:
        person: Volunteer = walk.session.get_one(Volunteer, one.volunteer_id)
        clashing = [
            other
            for other in duties
            if other.volunteer_id == one.volunteer_id
            and other.id != one.id
            and other.starts_at < one.ends_at
            and one.starts_at < other.ends_at
        ]
        if clashing:
            yield f"{person.name} is in two places"
        if not is_adult(person.birth_date, today) and one.ends_at.time() > time(18):
            yield f"{person.name} is under age and out late"
    live = Counter((one.session_id, one.volunteer_id) for one in _requests(walk, LIVE))
    if any(count > 1 for count in live.values()):
        yield "asked twice"
    places = {(one.session_id, one.volunteer_id) for one in duties}
    yield from (
        "agreed and not in it"
        for one in _requests(walk, {RequestState.ACCEPTED})
        if (one.session_id, one.volunteer_id) not in places
    )
    yield from _calendars(walk, places)


def _calendars(walk: Walk, places: set[tuple[object, object]]) -> Iterator[str]:
    asked = {(one.session_id, one.volunteer_id) for one in _requests(walk, {RequestState.ASKED})}
    agreed = {(one.session_id, one.volunteer_id) for one in _requests(walk, {RequestState.ACCEPTED})}
    for row in walk.rows:
        for person in walk.town.people:
            key, said = (row.id, person.id), entry(walk.session, person, row)
            if key in asked and said != "tentative":
                yield f"asked, and the calendar says {said}"
            if key in agreed and said != "confirmed":
                yield f"agreed, and the calendar says {said}"
            if key not in asked | places and said not in {"cancelled", "nothing"}:
                yield f"neither asked nor serving, and the calendar says {said}"


def _requests(walk: Walk, states: set[RequestState] | frozenset[RequestState]) -> list[DutyRequest]:
    return list(walk.session.scalars(select(DutyRequest).where(DutyRequest.state.in_(states))))


def unsafe(walk: Walk) -> set[object]:
    today = walk.town.desk().now.date()
    rows: list[ActivitySession] = [find_session(walk.session, row.id) for row in walk.rows]
    homes = Homes(walk.session)
    return {row.id for row in rows if is_unsafe(row, homes, today=today)}


def a_walk(session: Session, seed: int, steps: int) -> Counter[str]:
    walk = Walk(session, seed)
    before = unsafe(walk)
    for number in range(steps):
        deed = walk.step()
        assert list(wrong(walk)) == [], f"after {number} steps of {seed}, the last {deed}"
        now = unsafe(walk)
        assert deed in MAY_HARM or now <= before, f"{deed} made a session unsafe, step {number} of {seed}"
        before = now
    assert verify_chain(session, walk.town.station.id) is None
    return walk.done


def test_whatever_people_do_nobody_is_in_two_places_and_calendars_tell_the_truth(writing: Session) -> None:
    done = a_walk(writing, 5, STEPS)
    assert {"ask", "accept", "decline", "give_up", "sign_up", "refused"} <= set(done)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(40))
def test_of_many_walks_each_deed_is_done_and_none_goes_wrong(writing: Session, seed: int) -> None:
    done = a_walk(writing, seed, 4 * STEPS)
    assert sum(done.values()) > STEPS


@pytest.mark.verify
def test_the_walks_do_all_there_is_to_do(writing: Session) -> None:
    done: Counter[str] = Counter()
    for seed in range(6):
        with writing.begin_nested() as walk:
            done += a_walk(writing, seed, 4 * STEPS)
            walk.rollback()
    assert set(done) == {*DEEDS, "refused"}
