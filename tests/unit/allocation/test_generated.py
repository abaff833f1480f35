"""The generated terms are what they say, and deferred acceptance gives places as the literature says."""

from collections import Counter

import pytest

from core.allocation.check import Rule, check
from core.allocation.format import problem_from_json, problem_to_json
from core.allocation.problem import Problem, Shared
from tests.benchmarks.wishes.county import a_city
from tests.benchmarks.wishes.deferred import STARS, deferred_acceptance
from tests.benchmarks.wishes.terms import a_term
from tests.unit.allocation.builders import a_child, a_problem, an_activity, at


def small_city() -> Problem:
    return a_city(sites=12, children=900)


@pytest.mark.parametrize("made", [lambda: a_term(60, 20, 1), small_city], ids=["term", "city"])
def test_the_same_numbers_give_the_same_problem_and_it_goes_through_the_format(made: object) -> None:
    assert callable(made)
    written = problem_to_json(made())
    assert problem_to_json(made()) == written
    assert problem_to_json(problem_from_json(written)) == written


def test_a_term_has_everything_that_makes_it_hard() -> None:
    problem = a_term(200, 60, 1)
    assert (len(problem.children), len(problem.activities)) == (200, 60)
    assert problem.together
    assert problem.shared
    assert any(child.older_from for child in problem.children)
    assert any(child.held_back for child in problem.children)
    assert any(not each.room_ready for each in problem.activities)
    assert any(each.staffed == 0 for each in problem.activities)
    wished = Counter(wish for child in problem.children for wish in child.wishes).most_common()
    assert wished[0][1] > 3 * wished[len(wished) // 2][1]


def test_a_city_has_104_places_a_site_and_children_who_wish_for_at_most_three_sites() -> None:
    problem = small_city()
    places = Counter(each.id.rsplit("-", 2)[0] for each in problem.activities for _ in range(each.capacity))
    assert set(places.values()) == {104}
    sites = [{wish.rsplit("-", 2)[0] for wish in child.wishes} for child in problem.children]
    assert {len(each) for each in sites} == {1, 2, 3}


@pytest.mark.parametrize("problem", [a_term(120, 40, 1), small_city()], ids=["term", "city"])
def test_deferred_acceptance_breaks_only_the_rules_that_it_does_not_know(problem: Problem) -> None:
    verdict = check(problem, deferred_acceptance(problem))
    assert {each.rule for each in verdict.violations} == {Rule.TOGETHER, Rule.HELD_BACK}


def test_nobody_is_let_go_for_a_wish_that_is_as_dear() -> None:
    children = [a_child(f"c-{number}", "a-1") for number in range(3)]
    problem = a_problem(*children, an_activity(capacity=1))
    first = next(iter(deferred_acceptance(problem).places))
    again = a_problem(*reversed(children), an_activity(capacity=1))
    assert list(deferred_acceptance(again).places) == [first]


def test_a_star_wins_over_a_wish_without_one_whoever_comes_first() -> None:
    others = [f"a-{number}" for number in range(2, 2 + STARS)]
    starless = [a_child(f"c-{number}", *others, "a-1", most=9) for number in range(20)]
    problem = a_problem(*starless, a_child("star", "a-1"), an_activity(capacity=1), *map(an_activity, others))
    assert deferred_acceptance(problem).places["star"] == ("a-1",)


def test_who_is_let_go_proposes_again_further_down() -> None:
    wishes = [f"a-{number}" for number in range(1, STARS + 3)]
    pushed = a_child("c-1", *wishes[:STARS], "full", "a-9")
    problem = a_problem(
        pushed,
        a_child("c-2", "full"),
        an_activity("full", capacity=1),
        an_activity("a-9"),
        *(an_activity(name, capacity=0) for name in wishes),
    )
    assert deferred_acceptance(problem).places == {"c-1": ("a-9",), "c-2": ("full",)}


def test_what_stays_below_its_minimum_or_shares_too_little_is_cancelled_afterwards() -> None:
    children = [a_child("c-1", "a-1"), a_child("c-2", "a-2"), a_child("c-3", "a-2"), a_child("c-4", "a-3")]
    activities = [an_activity("a-1"), an_activity("a-2"), an_activity("a-3", minimum=2, times=(at(9),))]
    problem = a_problem(*children, *activities, shared=(Shared("s-1", ("a-1", "a-2"), 1),))
    assert deferred_acceptance(problem).opened == {"a-2"}
