"""Cases for each hard rule: a plan that keeps it, and one that breaks it by one fixed decision."""

from dataclasses import dataclass, replace

from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Group, Pin, Problem, Relation, Role, Travel
from tests.unit.planning.builders import (
    LEAD,
    TUESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
)

NINE, TEN, HALF_PAST = at("09:00"), at("10:00"), at("10:30")
CHILDREN = (Group("children"),)
ROAD = Travel(default=40)
TALK = an_activity("talk", sessions=1)
CARE = an_activity("care", sessions=1)


def talk(start: int = NINE, lead: str | None = "chen", helper: str | None = "dai", **fields: object) -> PlannedSession:
    return a_session(start, lead, helper, **{"activity": "talk", "room": "studio", **fields})


@dataclass(frozen=True)
class Case:
    """A problem with a plan that keeps a rule and one that breaks it and no other rule."""

    rule: str
    title: str
    problem: Problem
    kept: Plan
    broken: Plan


ONE = an_activity(sessions=1)
SKILLED = an_activity(sessions=1, roles=(Role("lead", "law", 1, 1), Role("helper", None, 1, 1)))
LAWYER = (a_person("an", skills=("law",)), a_person("bo"))
VISIT = an_activity(zones=(), max_per_day=2)
MINE = a_plan(a_session(NINE))


def related(kind: str, gap: int = 0) -> tuple[Relation, ...]:
    return (Relation(kind, ("reading", 0), ("talk", 0), gap),)


CASES = [
    Case(
        "nobody_twice_at_once",
        "sessions may touch and not overlap",
        a_problem(an_activity()),
        a_plan(a_session(NINE), a_session(TEN, index=1)),
        a_plan(a_session(TEN), a_session(HALF_PAST, "an", "chen", index=1, room="studio")),
    ),
    Case(
        "nobody_twice_at_once",
        "there must be time for the way to another venue",
        a_problem(an_activity(), travel=ROAD),
        a_plan(a_session(NINE), a_session(TEN, index=1)),
        a_plan(a_session(NINE), a_session(TEN, index=1, room="shed")),
    ),
    Case(
        "nobody_twice_at_once",
        "a visit without a place is near everything",
        a_problem(an_activity(sessions=1), an_activity("talk", sessions=1, zones=()), travel=ROAD),
        a_plan(a_session(NINE), talk(TEN, "an", "bo", room=None)),
        a_plan(a_session(TEN), talk(HALF_PAST, "an", "bo", room=None)),
    ),
    Case(
        "groups_in_one_place",
        "a group attends one session at a time",
        a_problem(replace(ONE, groups=("children",)), replace(TALK, groups=("children",)), groups=CHILDREN),
        a_plan(a_session(NINE), talk(TEN)),
        a_plan(a_session(NINE), talk(NINE)),
    ),
    Case(
        "groups_in_one_place",
        "a group must have time for the way",
        a_problem(
            replace(ONE, groups=("children",)), replace(TALK, groups=("children",)), groups=CHILDREN, travel=ROAD
        ),
        a_plan(a_session(NINE), talk(TEN)),
        a_plan(a_session(NINE), talk(TEN, room="shed")),
    ),
    Case(
        "one_session_a_room",
        "a room holds one session at a time",
        a_problem(ONE, TALK),
        a_plan(a_session(NINE), talk(TEN, room="hall")),
        a_plan(a_session(NINE), talk(NINE, room="hall")),
    ),
    Case(
        "one_session_a_room",
        "a room is turned over between sessions",
        a_problem(ONE, TALK, rooms=(a_room(turnover=30), a_room("studio"))),
        a_plan(a_session(NINE), talk(HALF_PAST, room="hall")),
        a_plan(a_session(NINE), talk(TEN, room="hall")),
    ),
    *(
        Case(
            "fitting_room",
            title,
            a_problem(replace(ONE, **fields), rooms=(a_room(features=("piano",)), a_room("cell", zone="private"))),
            MINE,
            a_plan(a_session(NINE, room="cell")),
        )
        for title, fields in {
            "a room is in a right zone": {},
            "a room has what it takes": {"zones": ("activity", "private"), "features": ("piano",)},
            "a room is on the list": {"zones": ("activity", "private"), "rooms": ("hall",)},
        }.items()
    ),
    Case(
        "room_holds_everyone",
        "a room may be full and not crowded",
        a_problem(ONE, rooms=(a_room(capacity=10), a_room("studio", capacity=9))),
        MINE,
        a_plan(a_session(NINE, room="studio")),
    ),
    Case(
        "room_is_open",
        "a room is open to the last minute, over two windows that touch",
        a_problem(ONE, rooms=(a_room(open=((NINE, NINE + 30), (NINE + 30, TEN))),)),
        MINE,
        a_plan(a_session(TEN)),
    ),
    Case(
        "skilled_staff",
        "a role's skill is asked for",
        a_problem(SKILLED, people=LAWYER),
        MINE,
        a_plan(a_session(NINE, "bo", "an")),
    ),
    Case(
        "available_staff",
        "people serve as long as they are available",
        a_problem(ONE, people=(a_person("an", available=((NINE, TEN),)), a_person("bo"))),
        MINE,
        a_plan(a_session(TEN)),
    ),
    Case(
        "one_role_each",
        "nobody fills two places",
        a_problem(an_activity(sessions=1, min_adults=0)),
        a_plan(a_session(NINE, "an", None)),
        a_plan(a_session(NINE, "an", "an")),
    ),
    Case(
        "staff_places",
        "there are no more people than wanted",
        a_problem(ONE),
        MINE,
        a_plan(a_session(NINE, staff={"lead": ("an", "chen"), "helper": ("bo",)})),
    ),
    Case(
        "few_faces",
        "a role stays with few people",
        a_problem(an_activity(roles=(replace(LEAD, max_people=1), Role("helper", None, 1, 1)))),
        a_plan(a_session(NINE), a_session(TEN, "an", "chen", index=1)),
        a_plan(a_session(NINE), a_session(TEN, "chen", "bo", index=1)),
    ),
    Case(
        "bearable_load",
        "nobody serves more often than offered",
        a_problem(an_activity(), people=(a_person("an", max_sessions=1), *(a_person(name) for name in ("bo", "chen")))),
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), "bo", "chen", index=1)),
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1)),
    ),
    Case(
        "bearable_load",
        "nobody serves more often a day than offered",
        a_problem(an_activity(), people=(a_person("an", max_per_day=1), a_person("bo"))),
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1)),
        a_plan(a_session(NINE), a_session(TEN, index=1)),
    ),
    Case(
        "safe_session",
        "a session has enough adults",
        a_problem(ONE, people=(a_person("an"), a_person("bo"), a_person("chen", adult=False))),
        MINE,
        a_plan(a_session(NINE, "an", "chen")),
    ),
    Case("safe_session", "nobody at all is too few", a_problem(ONE), MINE, a_plan(a_session(NINE, None, None))),
    Case(
        "safe_session",
        "two of one household are one pair of eyes",
        a_problem(ONE, people=(a_person("an", household="li"), a_person("bo"), a_person("chen", household="li"))),
        MINE,
        a_plan(a_session(NINE, "an", "chen")),
    ),
    Case(
        "in_order",
        "a course goes on on a later day",
        a_problem(an_activity(ordered=True)),
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1)),
        a_plan(a_session(at("09:00", TUESDAY)), a_session(NINE, index=1)),
    ),
    Case(
        "in_order",
        "a course has one session a day",
        a_problem(an_activity(ordered=True)),
        a_plan(a_session(NINE)),
        a_plan(a_session(NINE), a_session(TEN, index=1)),
    ),
    Case(
        "in_order",
        "a course leaves none out",
        a_problem(an_activity(ordered=True)),
        MINE,
        a_plan(a_session(NINE, index=1)),
    ),
    Case(
        "not_too_often_a_day",
        "a day has no more sessions than allowed",
        a_problem(an_activity(max_per_day=1)),
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1)),
        a_plan(a_session(NINE), a_session(TEN, index=1)),
    ),
    Case(
        "begin_together",
        "two sessions begin together",
        a_problem(ONE, TALK, relations=related("together")),
        a_plan(a_session(NINE), talk(NINE)),
        a_plan(a_session(NINE), talk(TEN)),
    ),
    Case(
        "same_venue",
        "two sessions share a venue",
        a_problem(ONE, TALK, relations=related("same_venue")),
        a_plan(a_session(NINE), talk(NINE)),
        a_plan(a_session(NINE), talk(NINE, room="shed")),
    ),
    Case(
        "one_before_the_other",
        "one session is over when the other begins",
        a_problem(ONE, TALK, relations=related("before")),
        a_plan(a_session(NINE), talk(TEN)),
        a_plan(a_session(NINE), talk(NINE)),
    ),
    Case(
        "one_before_the_other",
        "there is a gap between them",
        a_problem(ONE, TALK, relations=related("before", gap=30)),
        a_plan(a_session(NINE), talk(HALF_PAST)),
        a_plan(a_session(NINE), talk(TEN)),
    ),
    Case(
        "on_different_days",
        "two sessions are on different days",
        a_problem(ONE, TALK, relations=related("apart")),
        a_plan(a_session(NINE), talk(at("09:00", TUESDAY))),
        a_plan(a_session(NINE), talk(HALF_PAST)),
    ),
    Case(
        "not_without_the_other",
        "one session needs the other, and not the other way round",
        a_problem(ONE, TALK, relations=related("needs")),
        a_plan(talk(NINE)),
        MINE,
    ),
    *(
        Case("pins_kept", title, a_problem(an_activity(), pins=(pin,)), MINE, broken)
        for title, pin, broken in (
            ("a pinned session is held", Pin("reading", 0), a_plan()),
            ("a pinned start is kept", Pin("reading", 0, start=NINE), a_plan(a_session(TEN))),
            ("a pinned room is kept", Pin("reading", 0, room="hall"), a_plan(a_session(NINE, room="studio"))),
            (
                "pinned people serve in their role",
                Pin("reading", 0, staff={"lead": ("an",)}),
                a_plan(a_session(NINE, "bo", "an")),
            ),
        )
    ),
    *(
        Case(
            "past_unchanged",
            title,
            a_problem(an_activity(), incumbent=MINE, frozen_before=at("00:00", TUESDAY)),
            MINE,
            broken,
        )
        for title, broken in (
            ("what was held stays held", a_plan()),
            ("what was held keeps its time", a_plan(a_session(at("09:00", TUESDAY)))),
            ("what was held keeps its room", a_plan(a_session(NINE, room="studio"))),
            ("what was held keeps its people", a_plan(a_session(NINE, "an", "chen"))),
            ("nothing is put into the past", a_plan(a_session(NINE), a_session(TEN, index=1))),
        )
    ),
]
