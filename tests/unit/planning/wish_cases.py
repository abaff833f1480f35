"""Cases for what people ask beside their times; the referee's format is older and knows none of it."""

from core.planning.problem import Room
from tests.unit.planning.builders import TUESDAY, WEEK, a_person, a_plan, a_problem, a_session, an_activity, at
from tests.unit.planning.rule_cases import MINE, NINE, ONE, TEN, Case

_TWO = a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), "chen", "dai", index=1))
_HOUSES = (Room("hall", "centre", 20, open=WEEK), Room("shed", "far", 20, open=WEEK))


def _people(**fields: object) -> tuple[object, ...]:
    return (a_person("an", **fields), *(a_person(name) for name in ("bo", "chen", "dai")))


WISHES = [
    Case(
        "bearable_load",
        "nobody serves more often a week than offered",
        a_problem(an_activity(), people=_people(max_per_week=1)),
        _TWO,
        a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1)),
    ),
    Case(
        "willing_staff",
        "nobody serves where they don't go",
        a_problem(ONE, people=_people(venues=("centre",)), rooms=_HOUSES),
        MINE,
        a_plan(a_session(NINE, room="shed")),
    ),
    Case(
        "willing_staff",
        "nobody serves in a program that they declined",
        a_problem(ONE, people=_people(declines=("sst",))),
        a_plan(a_session(NINE, "chen", "dai")),
        MINE,
    ),
    Case(
        "chosen_company",
        "nobody serves beside somebody whom they shun",
        a_problem(ONE, people=_people(never_with=("bo",))),
        a_plan(a_session(NINE, "an", "chen")),
        MINE,
    ),
    Case(
        "chosen_company",
        "somebody who is shunned by another doesn't serve beside them",
        a_problem(ONE, people=_people(never_with=("bo",))),
        a_plan(a_session(NINE, "bo", "chen")),
        a_plan(a_session(NINE, "bo", "an")),
    ),
    Case(
        "chosen_company",
        "nobody serves without their company",
        a_problem(ONE, people=_people(only_with=("chen", "dai"))),
        a_plan(a_session(TEN, "dai", "an")),
        MINE,
    ),
]
