"""An organizer's desk: drafts, approval, copies, many at once, and programs that a station switches off."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, AuditEntry, Station, Term
from core.db.models.activity import ActivityState
from core.domain.actor import Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.hooks.manager import load_hooks
from core.services import activity_states as states
from core.services.activities import add_activity
from core.services.activity_batches import change_many, copy_activities, draft_of
from core.services.program_switches import programs_switched_off, switch_program
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_room, a_station, a_term, a_venue, a_volunteer, an_activity, at, held
from tests.integration.timetable import problem_of

HOOKS = load_hooks(only=("sst",))
CLOCK = FixedClock(TEST_MOMENT)
Deed = Callable[[Session, Actor], object]


def an_actor(station: Station, role: Role = Role.ORGANIZER) -> Actor:
    return Actor(role=role, station_id=station.id)


@pytest.fixture
def term(writing: Session) -> Term:
    return a_term(writing, a_station(writing, name="青石站"))


def a_described(session: Session, term: Term, title: str, **values: object) -> Activity:
    """Store an activity whose answers suit its form."""
    return an_activity(session, term, title=title, settings={"theme": "读书"}, **values)


def planned(session: Session, term: Term) -> set[str]:
    session.expire_all()
    titles = {str(row.id): row.title for row in session.scalars(select(Activity))}
    return {titles[activity.id] for activity in problem_of(session, term).activities}


def test_a_draft_is_planned_once_it_is_handed_in(writing: Session, term: Term) -> None:
    actor = an_actor(writing.get_one(Station, term.station_id))
    activity = a_described(writing, term, "读书会", state=ActivityState.DRAFT)
    assert planned(writing, term) == set()
    assert states.hand_in(writing, actor, CLOCK, [activity.id]) is ActivityState.READY
    assert planned(writing, term) == {"读书会"}
    states.give_back(writing, actor, CLOCK, [activity.id], "人数太多")
    assert (planned(writing, term), activity.state_note) == (set(), "人数太多")


def test_where_the_head_approves_nobody_else_can(writing: Session, term: Term) -> None:
    station = writing.get_one(Station, term.station_id)
    station.approves_activities = True
    organizer, head = an_actor(station), an_actor(station, Role.ADMINISTRATOR)
    activity = a_described(writing, term, "读书会", state=ActivityState.DRAFT)
    assert states.hand_in(writing, organizer, CLOCK, [activity.id]) is ActivityState.SUBMITTED
    assert planned(writing, term) == set()
    with pytest.raises(NotAllowedError):
        states.approve(writing, organizer, CLOCK, [activity.id])
    states.approve(writing, head, CLOCK, [activity.id])
    assert planned(writing, term) == {"读书会"}
    actions = writing.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == activity.id)).all()
    assert actions == ["activity.moved", "activity.moved"]


@pytest.mark.parametrize(
    "deed", [states.hand_in, states.approve, states.remove, lambda *given: states.give_back(*given, "")]
)
def test_nothing_chosen_and_something_unknown_are_refused(writing: Session, term: Term, deed: Deed) -> None:
    actor = an_actor(writing.get_one(Station, term.station_id), Role.ADMINISTRATOR)
    for chosen in ([], [uuid4()]):
        with pytest.raises(NotFoundError):
            deed(writing, actor, CLOCK, chosen)  # type: ignore[call-arg]


def test_what_is_published_is_neither_removed_nor_a_draft_again(writing: Session, term: Term) -> None:
    station = writing.get_one(Station, term.station_id)
    actor, free = an_actor(station), a_described(writing, term, "下棋")
    activity = a_described(writing, term, "读书会")
    people = [a_volunteer(writing, station) for _ in range(2)]
    held(writing, activity.sessions[0], at(SATURDAY, 9), a_room(writing, a_venue(writing, station)), people)
    for deed in (states.remove, lambda *given: states.give_back(*given, "")):
        with pytest.raises(ConflictError, match="读书会"):
            deed(writing, actor, CLOCK, [free.id, activity.id])
    assert writing.get(Activity, free.id) is not None
    assert states.remove(writing, actor, CLOCK, [free.id]) == 1
    assert writing.get(Activity, free.id) is None


def test_many_are_changed_alike_and_one_that_cannot_be_is_named(writing: Session, term: Term) -> None:
    actor = an_actor(writing.get_one(Station, term.station_id))
    chosen = [a_described(writing, term, title) for title in ("读书会", "下棋")]
    ids = [activity.id for activity in chosen]
    assert change_many(writing, actor, CLOCK, HOOKS, ids, {"times": ["10:00"], "size": 12}) == 2
    assert {(activity.size, *activity.times) for activity in chosen} == {(12, "10:00")}
    assert {activity.roles[0].wanted for activity in chosen} == {2}
    with pytest.raises(InvalidInputError, match="读书会"):
        change_many(writing, actor, CLOCK, HOOKS, ids, {"first": term.first - timedelta(days=1)})
    with pytest.raises(InvalidInputError):
        change_many(writing, actor, CLOCK, HOOKS, ids, {})


def test_a_term_is_copied_into_the_next_with_its_dates_and_what_cannot_be_is_said(writing: Session, term: Term) -> None:
    station = writing.get_one(Station, term.station_id)
    spring = a_term(writing, station, name="春天", first=date(2027, 3, 6), last=date(2027, 6, 30))
    own = {"first": term.first + timedelta(days=7), "last": date(2026, 12, 31)}
    chosen = [a_described(writing, term, "读书会", **own), an_activity(writing, term, type_key="gone.kind", title="旧")]
    a_described(writing, term, "下棋")
    a_described(writing, spring, "下棋")
    chosen += list(writing.scalars(select(Activity).where(Activity.title == "下棋", Activity.term_id == term.id)))
    copies = copy_activities(writing, an_actor(station), CLOCK, HOOKS, [one.id for one in chosen], spring.id)
    (copy,) = copies.made
    assert (copy.title, copy.state, copy.first) == ("读书会", ActivityState.DRAFT, date(2027, 3, 13))
    assert len(copy.sessions) == 1
    assert copy.roles[0].wanted == 2
    assert [title for title, _ in copies.left_out] == ["旧", "下棋"]
    assert copy.settings["theme"] == "读书"
    with pytest.raises(NotFoundError):
        copy_activities(writing, an_actor(station), CLOCK, HOOKS, [copy.id], UUID(int=1))


def test_a_program_switched_off_keeps_all_and_comes_back(writing: Session, term: Term) -> None:
    station = writing.get_one(Station, term.station_id)
    actor = an_actor(station)
    fresh, running = a_described(writing, term, "读书会"), a_described(writing, term, "陪伴")
    people = [a_volunteer(writing, station) for _ in range(2)]
    held(writing, running.sessions[0], at(SATURDAY, 9), a_room(writing, a_venue(writing, station)), people)
    assert planned(writing, term) == {"读书会", "陪伴"}
    assert switch_program(writing, actor, CLOCK, station.id, "sst", on=False)
    assert not switch_program(writing, actor, CLOCK, station.id, "sst", on=False)
    assert programs_switched_off(writing, station.id) == {"sst"}
    assert planned(writing, term) == {"陪伴"}
    with pytest.raises(ConflictError):
        add_activity(writing, actor, CLOCK, HOOKS, term.id, draft_of(fresh))
    assert switch_program(writing, actor, CLOCK, station.id, "sst", on=True)
    assert planned(writing, term) == {"读书会", "陪伴"}
