"""Whether an activity can work: each reason in words, each relaxation verified, and nothing stored by asking."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityRoom, AuditEntry, Closure, Term
from core.db.models.activity import ActivityRole, ActivitySession
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import Message
from core.domain.vocabulary import ActivityLine, Feature, Skill, Zone
from core.hooks.calling import Hooks, PluginFailedError
from core.hooks.manager import load_hooks
from core.hooks.types import ActivityOutline, Contribution, TermOutline
from core.planning.activities import Relation
from core.planning.model.choices import Choices
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.prospects import Verdict
from core.planning.rules.base import Breach, Rule
from core.services.activities import ActivityDraft, RoleDraft, described
from core.services.planning.feasibility import Feasibility, feasibility, outlooks
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    BEFORE,
    LEAD,
    SATURDAY,
    SUNDAY,
    a_term,
    an_activity,
    at,
    held,
)
from tests.integration.timetable import NO_PLUGINS, ZONE, World, a_world

SST = load_hooks(only=["sst"])
MONDAY = 0


@pytest.fixture
def session(lasting_sqlite: Database) -> Iterator[Session]:
    """Yield a session of one database: the figures don't depend on its kind."""
    with lasting_sqlite.writing(EVERYTHING) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def asked(session: Session, activity: Activity, hooks: Hooks = NO_PLUGINS) -> Feasibility:
    """Return whether the activity can work in its term."""
    term = session.get_one(Term, activity.term_id)
    return feasibility(session, hooks, term, activity, timezone=ZONE, now=BEFORE)


def changed(session: Session, world: World, **values: Any) -> Feasibility:
    """Return whether the chess activity can work once its columns are changed."""
    for name, value in values.items():
        setattr(world.chess, name, value)
    session.flush()
    return asked(session, world.chess)


def reasons(found: Feasibility) -> list[str]:
    """Return the reasons in English."""
    return [str(reason) for reason in found.reasons]


def told(found: Feasibility) -> dict[str, tuple[int, int]]:
    """Return the relaxations in English, each with its starts and sessions."""
    return {str(easing.change): (easing.starts, easing.most) for easing in found.easings}


def test_an_activity_that_works_has_no_reasons_and_nothing_to_relax(session: Session, world: World) -> None:
    found = asked(session, world.chess)
    assert (found.verdict, found.reasons, found.easings) == (Verdict.WORKS, (), ())
    assert (found.starts, found.days, found.roomy, found.safe) == (100, 10, 100, 100)
    assert found.rooms == tuple(sorted(room.name for room in world.rooms))
    (role,) = found.roles
    assert (role.required, role.people, role.enough_at, role.fewest, role.typical) == (2, 4, 100, 4, 4)


def test_days_of_the_week_that_are_never_open(session: Session, world: World) -> None:
    found = changed(session, world, weekdays=[MONDAY])
    assert reasons(found) == ["None of the term's 10 open days falls on the chosen days of the week."]
    assert told(found)["Also on: Saturday"] == (50, 45)
    assert found.easings[0].values == {"weekdays": [0, 5]}


def closed(session: Session, world: World, days: Sequence[date]) -> None:
    """Close the station on some days."""
    own = {"station_id": world.station.id, "created_at": TEST_MOMENT, "reason": "消防检修"}
    session.add_all(Closure(first=day, last=day, **own) for day in days)
    session.flush()


def test_dates_between_which_no_day_is_open(session: Session, world: World) -> None:
    closed(session, world, [SATURDAY, SUNDAY])
    found = changed(session, world, first=SATURDAY, last=SUNDAY)
    assert reasons(found) == ["No open day of the term lies between 2026-11-28 and 2026-11-29."]
    assert (found.verdict, found.starts) == (Verdict.CANNOT, 0)
    assert told(found) == {"In the whole term": (80, 72)}


def test_a_day_of_the_week_that_is_closed_throughout(session: Session, world: World) -> None:
    closed(session, world, [SATURDAY + timedelta(days=7 * week) for week in range(5)])
    found = changed(session, world, weekdays=[5])
    assert reasons(found) == ["All 5 days on which it could be held are closed. Closed: 消防检修"]
    assert "Also on: Sunday" in told(found)


def test_times_outside_the_opening_hours(session: Session, world: World) -> None:
    found = changed(session, world, times=["20:00"])
    assert reasons(found) == ["On none of the 10 open days is the station open for 60 minutes from 20:00."]
    (easing,) = found.easings
    assert easing.change.values == {"time": time(8)}
    assert easing.values == {"times": ["08:00", "20:00"]}


def test_a_zone_without_rooms(session: Session, world: World) -> None:
    found = changed(session, world, zones=[Zone.PRIVATE])
    assert reasons(found)[0].startswith("There is no room in the zones")
    assert "Also in the zone: activity" in told(found)


def test_a_feature_that_no_room_has(session: Session, world: World) -> None:
    found = changed(session, world, features=[Feature.PIANO])
    assert reasons(found) == ["No room in these zones has all of: piano."]
    assert told(found) == {"Without asking the room for: piano": (100, 90)}


def test_rooms_that_are_too_small(session: Session, world: World) -> None:
    found = changed(session, world, size=31)
    assert reasons(found)[0].startswith("No suitable room holds 31 children: ")
    (easing,) = found.easings
    assert easing.values == {"size": 30}


def test_chosen_rooms_that_are_closed_or_taken(session: Session, world: World) -> None:
    other = an_activity(session, a_term(session, world.station, name="另一学期"))
    held(session, other.sessions[0], at(SATURDAY, 8), world.rooms[0])
    own = {"station_id": world.station.id, "activity_id": world.chess.id}
    world.chess.room_choices.append(ActivityRoom(room_id=world.rooms[0].id, **own))
    found = changed(session, world, times=["08:00"], last=SATURDAY)
    assert (found.starts, found.roomy) == (1, 0)
    assert reasons(found) == ["At none of the 1 possible starts is one of the 1 suitable rooms open and not booked."]
    assert {"In any room that fits", "In the whole term"} < told(found).keys()


def test_a_skill_that_nobody_has(session: Session, world: World) -> None:
    world.chess.roles[0].skill = Skill.LAW
    found = changed(session, world)
    assert (found.verdict, found.roles[0].people, found.safe) == (Verdict.CANNOT, 0, 0)
    assert reasons(found)[0] == "Nobody has the skill law, which is required of “lead”."
    assert "“lead” by people without the skill law too" in told(found)
    assert told(found)["More volunteers with the skill law who can always come: 2"] == (100, 90)


def test_people_whose_clearance_is_over(session: Session, world: World) -> None:
    for volunteer in world.people:
        volunteer.clearances[0].valid_until = date(2026, 11, 27)
    found = changed(session, world)
    assert found.roles[0].people == 0
    assert reasons(found)[0] == "None of the 4 people who could be “lead” has a valid clearance in this term."


def test_people_who_are_never_available_then(session: Session, world: World) -> None:
    for volunteer in world.people:
        volunteer.availabilities[0].weekday = MONDAY
    found = changed(session, world)
    assert found.roles[0].people == 4
    assert reasons(found)[0] == "None of the 4 people who could be “lead” is available at any of the 100 starts."


def test_too_few_people_at_once(session: Session, world: World) -> None:
    world.chess.roles[0].required = world.chess.roles[0].wanted = 5
    found = changed(session, world)
    assert found.verdict is Verdict.TIGHT
    assert reasons(found) == ["No start has more than 4 people who could be “lead”; 5 are required."]
    assert told(found) == {"More volunteers who can always come: 1": (100, 90)}


def test_adults_of_one_household(session: Session, world: World) -> None:
    for volunteer in world.people:
        volunteer.household = "一家"
    found = changed(session, world)
    assert reasons(found) == ["At none of the 100 starts are 2 adults of two households available."]
    assert "More volunteers who can always come: 1" in told(found)


def test_more_sessions_than_the_days_allow(session: Session, world: World) -> None:
    found = changed(session, world, session_count=12, max_per_day=1)
    assert (found.verdict, found.most) == (Verdict.CANNOT, 10)
    assert reasons(found)[0].startswith("The 100 starts that are left lie on 10 days with at most 1 sessions each")
    assert told(found)["Sessions a day: up to 2"] == (100, 20)
    assert told(found)["Fewer sessions: 10"] == (100, 10)


def test_fewer_sessions_go_without_what_ties_the_others(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a program has it for a course whose modules follow one another."""
    chess = str(world.chess.id)
    row = tuple(Relation("before", (chess, at), (chess, at + 1)) for at in range(11))
    monkeypatch.setattr(SST, "planning_contributions", lambda *_: (Contribution("sst", row),))
    world.chess.session_count, world.chess.max_per_day = 12, 1
    session.flush()
    assert told(asked(session, world.chess, SST))["Fewer sessions: 10"] == (100, 10)


def test_a_long_series_with_little_to_spare_is_tight(session: Session, world: World) -> None:
    found = changed(session, world, session_count=9, max_per_day=1)
    assert (found.verdict, found.most, found.easings) == (Verdict.TIGHT, 10, ())
    assert reasons(found) == ["There is little to spare: of 9 sessions, 10 could be held at most."]


class NeverOnThisPlanet(Rule):
    """Nothing may begin."""

    name: ClassVar[str] = "sst.never"

    def narrow(self, choices: Choices) -> None:
        """Strike out everything."""
        for activity in choices.activities:
            choices.keep_starts(activity, ())

    def breaches(self, problem: Problem, plan: Plan) -> Sequence[Breach]:
        """Name every session."""
        return [Breach(self.name, (row.key,), Message(problem.name)) for row in plan.sessions]


def test_a_program_s_rule_that_strikes_out_everything(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SST, "planning_rules", lambda: (NeverOnThisPlanet(),))
    found = asked(session, world.chess, SST)
    assert (found.verdict, found.starts, found.roomy) == (Verdict.CANNOT, 100, 0)
    (reason,) = found.reasons
    assert reason.text == "The rules of “%(program)s” strike out all of its %(starts)s possible starts."
    assert reason.values == {"program": SST.programs["sst"].name, "starts": 100}


def test_programs_are_asked_of_the_activity_alone(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[list[str]] = []

    def contributions(
        activities: Sequence[ActivityOutline], term: TermOutline, session: Session
    ) -> tuple[Contribution, ...]:
        met.append([one.title for one in activities])
        return ()

    monkeypatch.setattr(SST, "planning_contributions", contributions)
    asked(session, world.chess, SST)
    assert met == [["象棋"]]


def a_draft(**values: Any) -> ActivityDraft:
    """Return a draft that can work in the small station."""
    plain: dict[str, Any] = {
        "type_key": "sst.companionship",
        "title": "新活动",
        "session_count": 2,
        "duration": 60,
        "size": 10,
        "times": ["09:00", "14:00"],
        "zones": [Zone.ACTIVITY],
        "roles": [RoleDraft(LEAD, None, 2, 2)],
        "line": ActivityLine.COMPANIONSHIP,
    }
    return ActivityDraft(**{**plain, **values})


def stored(session: Session) -> list[int]:
    """Return how many rows there are of what an activity is made of."""
    kinds = (Activity, ActivityRole, ActivityRoom, ActivitySession, AuditEntry)
    return [session.scalars(select(func.count()).select_from(kind)).one() for kind in kinds]


def test_asking_about_a_draft_stores_nothing(session: Session, world: World) -> None:
    before = stored(session)
    draft = a_draft(rooms=[world.rooms[0].id])
    activity = described(session, SST, world.term, draft)
    assert asked(session, activity, SST).verdict is Verdict.WORKS
    assert (list(session.new), list(session.dirty), stored(session)) == ([], [], before)


def test_asking_about_a_changed_activity_leaves_the_stored_one(session: Session, world: World) -> None:
    session.flush()
    draft = a_draft(title="改名", weekdays=[MONDAY])
    activity = described(session, SST, world.term, draft, world.chess.id)
    assert asked(session, activity, SST).verdict is Verdict.CANNOT
    session.flush()
    session.expire_all()
    assert (world.chess.title, world.chess.weekdays, len(world.chess.roles)) == ("象棋", [], 1)


def test_a_published_activity_counts_what_is_behind_it(session: Session, world: World) -> None:
    first = world.painting.sessions[0]
    held(session, first, at(SATURDAY, 8), world.rooms[0], world.people[:2])
    term = session.get_one(Term, world.term.id)
    found = feasibility(session, NO_PLUGINS, term, world.painting, timezone=ZONE, now=at(SUNDAY, 7))
    assert (found.verdict, found.starts, found.most) == (Verdict.WORKS, 90, 82)


def test_the_list_names_what_cannot_work(session: Session, world: World) -> None:
    world.chess.weekdays = [MONDAY]
    session.flush()
    found = outlooks(session, SST, world.term, timezone=ZONE, now=BEFORE)
    assert found.keys() == {world.chess.id, world.painting.id}
    assert (found[world.painting.id].verdict, found[world.painting.id].reason) == (Verdict.WORKS, None)
    assert found[world.chess.id].verdict is Verdict.CANNOT
    assert "open days" in str(found[world.chess.id].reason)


def test_an_activity_whose_program_is_absent_has_no_outlook(session: Session, world: World) -> None:
    assert outlooks(session, NO_PLUGINS, world.term, timezone=ZONE, now=BEFORE) == {}


def test_an_activity_whose_program_fails_has_no_outlook(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> tuple[Contribution, ...]:
        raise PluginFailedError("sst")

    monkeypatch.setattr(SST, "planning_contributions", fail)
    assert outlooks(session, SST, world.term, timezone=ZONE, now=BEFORE) == {}
    with pytest.raises(PluginFailedError):
        asked(session, world.chess, SST)
