"""Two plans side by side: terms as the audit counts them, and each session that differs."""

from dataclasses import replace

from core.planning.compare import Difference, compare
from tests.unit.planning.builders import a_plan, a_problem, a_session, an_activity, at

NINE, TEN = at("09:00"), at("10:00")
PROBLEM = a_problem(an_activity(), weights={"unscheduled": 1000, "trips": 3, "load": 1})
BOTH = a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1))


def test_a_plan_is_no_different_from_itself() -> None:
    found = compare(PROBLEM, BOTH, replace(BOTH))
    assert (found.difference, found.sessions) == (0, ())
    assert {term.difference for term in found.terms} == {0}


def test_each_term_has_amount_weight_and_cost_of_either_plan() -> None:
    found = compare(PROBLEM, BOTH, a_plan(a_session(NINE)))
    terms = {term.name: term for term in found.terms}
    assert (terms["trips"].first.amount, terms["trips"].first.weight, terms["trips"].first.cost) == (4, 3, 12)
    assert (terms["trips"].second.amount, terms["trips"].difference) == (2, -6)
    assert terms["unscheduled"].difference == 1000
    assert found.difference == sum(term.difference for term in found.terms) == found.second.cost - found.first.cost


def test_the_second_plan_is_priced_by_its_own_problem() -> None:
    dearer = replace(PROBLEM, weights={**PROBLEM.weights, "trips": 8})
    found = compare(PROBLEM, BOTH, BOTH, other_problem=dearer)
    trips = next(term for term in found.terms if term.name == "trips")
    assert (trips.first.weight, trips.second.weight, trips.difference) == (3, 8, 20)
    assert found.sessions == ()


def test_every_way_in_which_a_session_can_differ_is_told() -> None:
    second = a_plan(a_session(TEN, "an", "chen", room="studio"), a_session(TEN, "chen", "dai", index=2))
    found = compare(PROBLEM, BOTH, second)
    differences = {each.key: each.differences for each in found.sessions}
    # A session at another time is moved, whatever its room.
    assert differences == {
        ("reading", 0): (Difference.MOVED, Difference.RESTAFFED),
        ("reading", 1): (Difference.ONLY_FIRST,),
        ("reading", 2): (Difference.ONLY_SECOND,),
    }


def test_another_room_at_the_same_time_is_rehoused_and_people_in_other_roles_are_restaffed() -> None:
    rehoused = compare(PROBLEM, a_plan(a_session(NINE)), a_plan(a_session(NINE, room="studio")))
    swapped = compare(PROBLEM, a_plan(a_session(NINE)), a_plan(a_session(NINE, "bo", "an")))
    assert rehoused.sessions[0].differences == (Difference.REHOUSED,)
    assert swapped.sessions[0].differences == (Difference.RESTAFFED,)


def test_as_json_it_keeps_everything() -> None:
    body = compare(PROBLEM, BOTH, a_plan(a_session(NINE))).to_json()
    assert body["first"]["valid"]
    assert body["sessions"] == [
        {
            "activity": "reading",
            "index": 1,
            "differences": ["only_first"],
            "first": BOTH.sessions[1].to_json(),
            "second": None,
        }
    ]
    assert sum(term["difference"] for term in body["terms"]) == body["difference"]
