"""A rule whose constraint was forgotten is caught by the audit before its plan is kept; rules come in any order."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.planning.check import audit
from core.planning.errors import AuditFailedError
from core.planning.model.choices import Slot
from core.planning.model.model import Answer, Model
from core.planning.model.variables import Linear
from core.planning.outcome import Limits
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule
from core.planning.search.modelling import Task
from core.planning.search.run import Run
from tests.unit.planning.builders import WEDNESDAY, a_plan, a_problem, a_session, an_activity, at, solved
from tests.unit.planning.rule_cases import CASES, NINE, ONE, Case
from tests.unit.planning.wish_cases import WISHES

EVERY = (*CASES, *WISHES)
NAMES = [f"{case.rule}: {case.title}" for case in EVERY]
#: Being at two sessions at once is forbidden for each of somebody's places, and so is being twice in one session.
IMPLIED_BY = {"one_role_each": "nobody_twice_at_once"}
#: No model can hold a session that there isn't, or at a start that isn't in the list: only another search could.
UNSPEAKABLE = {
    "each_session_once": a_plan(a_session(NINE), a_session(NINE)),
    "allowed_start": a_plan(a_session(at("09:00", WEDNESDAY))),
}
RULE_OF = {rule.name: rule for rule in DEFAULT_RULES}


class Forgotten(Rule):
    """A rule as its author would have left it who forgot all but the plain check."""

    def __init__(self, rule: Rule) -> None:
        self.name = rule.name  # type: ignore[misc] - this one stands for many rules
        self._rule = rule

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield what the rule yields."""
        yield from self._rule.breaches(problem, plan)


class Like(Preference):
    """A plan is the better the more it is like a given one, which is then the optimum unless a rule forbids it."""

    name = "like"

    def __init__(self, plan: Plan) -> None:
        self._rows = plan.sessions

    def weight(self, problem: Problem) -> int:  # noqa: ARG002 - it is always the same
        """Return one."""
        return 1

    def penalize(self, model: Model) -> None:
        """Count every decision that is another."""
        wanted = {Slot(row.activity, row.start): row for row in self._rows}
        model.penalize(self.name, len(wanted.keys() - set(model.variables.all_slots())), 1)
        for slot in model.variables.all_slots():
            for like in _alike(model, slot, wanted[slot]) if slot in wanted else []:
                model.penalize(self.name, 1, 1 - like)
            for other in _others(model, slot, wanted.get(slot)):
                model.penalize(self.name, 1, other)

    def amount(self, problem: Problem, plan: Plan) -> int:  # noqa: ARG002 - the tests look at plans, not at costs
        """Return nothing."""
        return 0


def _alike(model: Model, slot: Slot, row: PlannedSession) -> Iterator[Linear]:
    yield model.numbering.places(row.key).get(slot, 0)
    yield model.variables.in_room(slot, row.room)
    for role, ids in row.staff.items():
        yield from (model.variables.serves(person, slot, role) for person in ids)


def _others(model: Model, slot: Slot, row: PlannedSession | None) -> Iterator[Linear]:
    if row is None:
        yield model.variables.held(slot)
    for role in model.problem.activity_of[slot.activity].roles:
        ids = row.staff.get(role.role, ()) if row else ()
        for person, serves in model.variables.staff(slot, role.role).items():
            if person not in ids:
                yield serves


def best(case: Case, rules: tuple[Rule, ...]) -> Answer:
    """Return the plan most like the one that breaks the case's rule, under these rules."""
    return solved(case.problem, rules, (Like(case.broken),))


def with_a_bug_in(name: str) -> tuple[Rule, ...]:
    """Return the rules with a bug planted: that one constrains nothing any more."""
    forgotten = {name, IMPLIED_BY.get(name, name)}
    return tuple(Forgotten(rule) if rule.name in forgotten else rule for rule in DEFAULT_RULES)


def keep(problem: Problem, plan: Plan, rules: tuple[Rule, ...]) -> None:
    """Offer a plan to a run of the planner, which keeps no other."""
    Run(Task(problem, rules, DEFAULT_PREFERENCES, seed=1, workers=1), Limits(seconds=1)).accept(plan)


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_a_bug_planted_in_a_rule_is_caught_before_the_plan_is_kept(case: Case) -> None:
    rules = with_a_bug_in(case.rule)
    answer = best(case, rules)
    assert answer.optimal
    assert answer.plan is not None
    assert {breach.rule for breach in audit(case.problem, answer.plan, rules).breaches} == {case.rule}
    with pytest.raises(AuditFailedError, match=case.rule):
        keep(case.problem, answer.plan, rules)


@pytest.mark.parametrize("case", EVERY, ids=NAMES)
def test_without_the_bug_the_same_wish_gives_a_valid_plan(case: Case) -> None:
    answer = best(case, DEFAULT_RULES)
    assert answer.optimal
    assert answer.plan is not None
    assert audit(case.problem, answer.plan).valid
    keep(case.problem, answer.plan, DEFAULT_RULES)


@pytest.mark.parametrize(("rule", "plan"), UNSPEAKABLE.items(), ids=UNSPEAKABLE)
def test_what_no_model_could_say_is_caught_all_the_same(rule: str, plan: Plan) -> None:
    with pytest.raises(AuditFailedError, match=rule):
        keep(a_problem(ONE), plan, DEFAULT_RULES)


def test_a_bug_is_planted_in_every_rule() -> None:
    assert {case.rule for case in EVERY} | UNSPEAKABLE.keys() == RULE_OF.keys()
    assert len(RULE_OF) == 26


@given(st.sampled_from(EVERY), st.permutations(DEFAULT_RULES))
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_rules_in_any_order_have_the_same_optimum(case: Case, shuffled: list[Rule]) -> None:
    usual, other = best(case, DEFAULT_RULES), best(case, tuple(shuffled))
    assert usual.optimal
    assert other.optimal
    assert usual.objective == other.objective > 0


def test_the_plan_that_is_wished_for_is_the_optimum_where_no_rule_forbids_it() -> None:
    plan = a_plan(a_session(NINE))
    answer = solved(a_problem(an_activity()), DEFAULT_RULES, (Like(plan),))
    assert answer.plan == plan
    assert answer.objective == 0
