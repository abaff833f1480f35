"""Cases for each kind of cure: a plan that is short of one thing, and the change that mends it."""

from dataclasses import dataclass, replace
from typing import Any

from core.planning.moments import day_of
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Pin, Problem, Relation, Role
from core.planning.relaxations import Cure, Move, Takeover
from core.planning.relaxations.people import DutyMore, DutyMoreThatDay, HoursMore, VolunteersMore
from core.planning.relaxations.rooms import RoomLarger, RoomMore, RoomOpen
from core.planning.relaxations.series import (
    FaceMore,
    OrderLoosened,
    PinReleased,
    RelationReleased,
    SessionMoreADay,
    StartMore,
)
from tests.unit.planning.builders import TUESDAY, a_person, a_plan, a_problem, a_room, a_session, an_activity, at

NINE, TEN, ELEVEN, HALF_PAST = at("09:00"), at("10:00"), at("11:00"), at("10:30")
TOMORROW = at("09:00", TUESDAY)
LAW = (Role("lead", "law", 1, 1), Role("helper", None, 1, 1))
WEIGHTS = {"unscheduled": 1000, "required": 100}
HELPERS = tuple(a_person(name) for name in ("bo", "chen", "dai", "eli"))
#: A reading that one helper may hold alone, while its place for a lawyer is empty.
READING = an_activity(sessions=1, starts=(TEN,), min_adults=1, roles=LAW)
TALK = an_activity("talk", sessions=1, starts=(NINE,), min_adults=1)
WITHOUT_LEAD = a_session(TEN, None, "chen")


def a_talk(start: int = NINE, lead: str = "an", **fields: Any) -> PlannedSession:
    return a_session(start, lead, "bo", **{"activity": "talk", "room": "studio", **fields})


def a_lawyer(**fields: Any) -> Problem:
    return a_problem(READING, TALK, people=(a_person("an", skills=("law",), **fields), *HELPERS), weights=WEIGHTS)


@dataclass(frozen=True)
class CureCase:
    """A problem, a plan that is short of one thing, and a cure that should be told of."""

    title: str
    problem: Problem
    plan: Plan
    cure: Cure


ONE = an_activity(sessions=1, starts=(TEN,))
CLOSED = a_room("shed", open=((NINE, TEN),))
COURSE = an_activity(starts=(NINE, HALF_PAST), ordered=True)
TIED = Relation("apart", ("reading", 0), ("talk", 0))

CURES = [
    CureCase(
        "a duty more on one day",
        a_lawyer(max_per_day=1),
        a_plan(WITHOUT_LEAD, a_talk()),
        Cure((DutyMoreThatDay("an", day_of(TEN)),)),
    ),
    CureCase("a duty more in all", a_lawyer(max_sessions=1), a_plan(WITHOUT_LEAD, a_talk()), Cure((DutyMore("an"),))),
    CureCase(
        "a duty more in all and on one day",
        a_lawyer(max_sessions=1, max_per_day=1),
        a_plan(WITHOUT_LEAD, a_talk()),
        Cure((DutyMoreThatDay("an", day_of(TEN)), DutyMore("an"))),
    ),
    CureCase(
        "other hours",
        a_lawyer(available=((NINE, TEN),)),
        a_plan(WITHOUT_LEAD, a_talk()),
        Cure((HoursMore("an", (TEN, ELEVEN)),)),
    ),
    CureCase(
        "a colleague who takes over",
        replace(a_lawyer(), activities=(READING, replace(TALK, starts=(TEN,)))),
        a_plan(WITHOUT_LEAD, a_talk(TEN)),
        Cure(takeovers=(Takeover("an", ("talk", 0)),)),
    ),
    CureCase(
        "a colleague who takes over what was pinned",
        replace(
            a_lawyer(),
            activities=(READING, replace(TALK, starts=(TEN,))),
            pins=(Pin("talk", 0, staff={"lead": ("an",)}),),
        ),
        a_plan(WITHOUT_LEAD, a_talk(TEN)),
        Cure((PinReleased("talk", 0),), (Takeover("an", ("talk", 0)),)),
    ),
    CureCase(
        "a volunteer more",
        a_problem(READING, people=HELPERS, weights=WEIGHTS),
        a_plan(WITHOUT_LEAD),
        Cure((VolunteersMore(1, ("law",), ((TEN, ELEVEN),), "reading"),)),
    ),
    CureCase(
        "two volunteers more",
        a_problem(ONE, people=(), weights=WEIGHTS),
        a_plan(),
        Cure((VolunteersMore(2, (), ((TEN, ELEVEN),), "reading"),)),
    ),
    CureCase(
        "a face more",
        a_problem(
            an_activity(starts=(NINE, TEN), min_adults=1, roles=(Role("lead", None, 1, 1, max_people=1), LAW[1])),
            people=(a_person("an", max_sessions=1), *HELPERS),
            pins=(Pin("reading", 0, start=NINE, staff={"lead": ("an",)}),),
            weights=WEIGHTS,
        ),
        a_plan(a_session(NINE), a_session(TEN, None, "chen", index=1)),
        Cure((FaceMore("reading", "lead"),)),
    ),
    CureCase(
        "an open room",
        a_problem(ONE, replace(TALK, starts=(TEN,)), rooms=(a_room(), CLOSED), people=HELPERS, weights=WEIGHTS),
        a_plan(a_talk(TEN, "chen", room="hall")),
        Cure((RoomOpen("shed", (TEN, ELEVEN)),)),
    ),
    CureCase(
        "a larger room",
        a_problem(ONE, replace(TALK, starts=(TEN,)), rooms=(a_room(), a_room("shed", capacity=9)), people=HELPERS),
        a_plan(a_talk(TEN, "chen", room="hall")),
        Cure((RoomLarger("shed", 10),)),
    ),
    CureCase(
        "a room more",
        a_problem(replace(ONE, rooms=("hall",)), replace(TALK, starts=(TEN,)), rooms=(a_room(),), people=HELPERS),
        a_plan(a_talk(TEN, "chen", room="hall")),
        Cure((RoomMore("centre", "reading", (TEN, ELEVEN)),)),
    ),
    CureCase(
        "another start",
        a_problem(ONE, replace(TALK, starts=(TEN, NINE)), rooms=(a_room(),), people=HELPERS, weights=WEIGHTS),
        a_plan(a_talk(TEN, "chen", room="hall")),
        Cure((StartMore("reading", NINE),)),
    ),
    CureCase(
        "planning another activity as well",
        a_problem(ONE, replace(TALK, starts=(TEN, NINE)), rooms=(a_room(),), people=HELPERS, weights=WEIGHTS),
        a_plan(a_talk(TEN, "chen", room="hall")),
        Cure(again=("reading", "talk")),
    ),
    CureCase(
        "a pin less",
        a_problem(
            replace(READING, starts=(NINE, TEN)),
            people=(a_person("an", skills=("law",), available=((NINE, TEN),)), *HELPERS),
            pins=(Pin("reading", 0, start=TEN),),
            weights=WEIGHTS,
        ),
        a_plan(WITHOUT_LEAD),
        Cure((PinReleased("reading", 0),), again=("reading",)),
    ),
    CureCase(
        "a looser order",
        a_problem(replace(COURSE, max_per_day=2), people=HELPERS, weights=WEIGHTS),
        a_plan(a_session(NINE, "bo", "chen")),
        Cure((OrderLoosened("reading"),), again=("reading",)),
    ),
    CureCase(
        "a session more on a day",
        a_problem(replace(COURSE, ordered=False, max_per_day=1), people=HELPERS, weights=WEIGHTS),
        a_plan(a_session(NINE, "bo", "chen")),
        Cure((SessionMoreADay("reading", 2),), again=("reading",)),
    ),
    CureCase(
        "a relation less",
        a_problem(ONE, TALK, people=HELPERS, relations=(TIED,), weights=WEIGHTS),
        a_plan(a_talk(lead="chen")),
        Cure((RelationReleased("apart", ("reading", 0), ("talk", 0)),), again=("reading",)),
    ),
    CureCase(
        "planning another activity as well, that has to wait for this one",
        a_problem(
            ONE,
            replace(TALK, starts=(NINE, TOMORROW)),
            people=HELPERS,
            relations=(Relation("before", ("reading", 0), ("talk", 0)),),
            weights=WEIGHTS,
        ),
        a_plan(a_talk(lead="chen")),
        Cure(again=("reading", "talk")),
    ),
    CureCase(
        "a duty more at another time",
        replace(
            a_lawyer(max_sessions=1, available=((NINE, TEN), (TOMORROW, TOMORROW + 60))),
            activities=(replace(READING, starts=(TEN, TOMORROW)), TALK),
        ),
        a_plan(WITHOUT_LEAD, a_talk()),
        Cure((DutyMore("an"),), moves=(Move(("reading", 0), TOMORROW),)),
    ),
]
