"""What a plan costs, in sentences and a table."""

import click

from core.cli.console import say, wording
from core.cli.plan_files.running import gap
from core.cli.tables import table
from core.domain.errors import Message
from core.planning.check import Audit
from core.planning.outcome import Outcome
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.seating import seating
from core.services.planning.terms import AMOUNTS, STATUS


def tell_outcome(problem: Problem, outcome: Outcome) -> None:
    """Say how a run ended and what came of it."""
    say(STATUS[outcome.status.value])
    tell_places(problem, outcome.plan, outcome.audit)
    say(
        Message(
            "Cost %(cost)s; no plan costs less than %(bound)s: a gap of %(gap)s.",
            {
                "cost": f"{outcome.cost:,}",
                "bound": f"{outcome.bound:,}",
                "gap": gap(outcome.cost, outcome.bound),
            },
        )
    )
    tell_terms(problem, outcome.audit)


def tell_places(problem: Problem, plan: Plan, found: Audit) -> None:
    """Say how many sessions are held and how many places are empty."""
    values = {
        "held": len(seating(problem, plan).meetings),
        "sessions": sum(activity.sessions for activity in problem.activities),
        "required": found.amounts["required"],
        "wanted": found.amounts["wanted"],
    }
    say(
        Message(
            "%(held)s of %(sessions)s sessions are held; %(required)s required staff places are empty, and %(wanted)s "
            "further ones that are wanted.",
            values,
        )
    )


def tell_terms(problem: Problem, found: Audit) -> None:
    """Print what the plan costs, term by term, without what doesn't occur in it."""
    rows = [
        (term(name), f"{amount:,}", f"{problem.weights.get(name, 0):,}", f"{found.costs[name]:,}")
        for name, amount in found.amounts.items()
        if amount
    ]
    header = (Message("What"), Message("How much"), Message("Price of each"), Message("Cost"))
    total = (wording().say(Message("In all")), "", "", f"{found.cost:,}")
    click.echo(table([wording().say(heading) for heading in header], [*rows, total]))


def term(name: str) -> str:
    """Return what a soft term is called; its name in the format where nobody has words for it."""
    return wording().say(AMOUNTS[name]) if name in AMOUNTS else name
