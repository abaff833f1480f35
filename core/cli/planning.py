"""`weibao plan`: run the planner for a term, export a plan, publish one."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from core.cli.console import complain, progress, reports_errors, say, wording
from core.cli.installation import Machine, open_machine
from core.cli.plan_files.running import Record, followed
from core.config import Settings
from core.db.models import Plan
from core.db.models.plan import PlanStatus
from core.db.queries import planning as queries
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import Message, NotFoundError
from core.exchange.files import write_json
from core.planning.errors import ContradictoryPinsError
from core.planning.outcome import Limits, Outcome
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules.base import Rule
from core.services.planning.drafting import Desk, draft_term
from core.services.planning.drafts import find_term
from core.services.planning.shortfalls import named
from core.services.publishing import Change, ChangeKind, publication_diff, publish_plan

DEFAULT_SECONDS = 20.0


@click.command()
@click.option("--term", required=True, help="The term's name.")
@click.option("--seconds", type=click.FloatRange(min=1), default=DEFAULT_SECONDS, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="One for each processor unless said.")
@reports_errors
def run(term: str, seconds: float, seed: int, workers: int | None) -> None:
    """Make a new draft of the term's plan."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    drafted = draft_plan(machine, term, seconds=seconds, seed=seed, workers=workers)
    say(
        Message(
            "Draft %(version)s: %(held)s of %(session_count)s sessions held, %(short)s shortfalls.",
            {**drafted.summary, "version": drafted.version, "short": len(drafted.shortfalls)},
        )
    )


@click.command()
@click.option("--term", required=True, help="The term's name.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--problem", is_flag=True, help="Write the planning problem instead of the plan.")
@reports_errors
def export(term: str, output: Path, *, problem: bool) -> None:
    """Write the term's newest plan, or its problem, in the exchange format."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    newest = newest_plan(machine, term)
    write_json(output, newest.problem if problem else {**newest.document, **newest.summary})


@click.command()
@click.option("--term", default=None, help="The term's name; the newest draft of all terms when left out.")
@click.option("--yes", is_flag=True, help="Publish without asking.")
@reports_errors
def publish(term: str | None, *, yes: bool) -> None:
    """Show what the newest draft would change, ask, and publish it."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    newest = newest_draft(machine) if term is None else newest_plan(machine, term)
    if newest.status is not PlanStatus.DRAFT:
        raise NotFoundError(
            Message("There is no new draft of “%(term)s”: run “weibao plan run” first.", {"term": term})
        )
    with machine.reading() as session:
        say(counted(publication_diff(session, newest)))
    if not yes and not click.confirm(wording().say(Message("Publish this?"))):
        complain(Message("Nothing was published."))
        return
    publish_draft(machine, newest.id)
    say(Message("Version %(version)s is published.", {"version": newest.version}))


def draft_plan(machine: Machine, term_name: str, *, seconds: float, seed: int = 0, workers: int | None = None) -> Plan:
    """Plan a term outside any transaction, explain what is short, and store the draft."""
    with machine.reading() as session:
        term_id = find_term(session, term_name).id

    def search(problem: Problem, rules: Sequence[Rule], preferences: Sequence[Preference]) -> Outcome:
        with progress(Message("Planning “%(term)s”", {"term": term_name}), seconds) as show:
            return followed(Record(show), problem, Limits(seconds), seed, workers, rules, preferences)

    desk = Desk(machine.reading, machine.writing, SYSTEM, machine.clock, machine.hooks, machine.settings.timezone)
    try:
        return draft_term(desk, term_id, search, seconds=seconds)
    except ContradictoryPinsError as error:
        raise _with_names(machine, error) from error


def _with_names(machine: Machine, error: ContradictoryPinsError) -> ContradictoryPinsError:
    """Return the error with names for the planner's ids in what it says."""
    with machine.reading() as session:
        message = named(session, machine.hooks, error.message)
    return ContradictoryPinsError(message, error.pins, error.frozen)


def publish_draft(machine: Machine, plan_id: UUID) -> tuple[Change, ...]:
    """Publish a draft in one transaction."""
    with machine.writing() as session:
        return publish_plan(
            session,
            SYSTEM,
            machine.clock,
            machine.hooks,
            plan_id,
            timezone=machine.settings.timezone,
            now=machine.wall_clock(),
        )


def newest_plan(machine: Machine, term_name: str) -> Plan:
    """Return the newest plan of a term; raise NotFoundError where it was never planned."""
    with machine.reading() as session:
        term = find_term(session, term_name)
        found = session.scalars(queries.plans_of(term.id)).first()
    if found is None:
        raise NotFoundError(Message("“%(term)s” has no plan yet: run “weibao plan run” first.", {"term": term_name}))
    return found


def newest_draft(machine: Machine) -> Plan:
    """Return the newest draft of all terms; raise NotFoundError where there is none."""
    with machine.reading() as session:
        found = session.scalars(queries.drafts()).first()
    if found is None:
        raise NotFoundError(Message("There is no draft yet: run “weibao plan run” first."))
    return found


def counted(changes: Sequence[Change]) -> Message:
    """Return the diff in one sentence."""
    counts = {kind.value: sum(1 for change in changes if change.kind is kind) for kind in ChangeKind}
    return Message("%(added)s added, %(moved)s moved, %(cancelled)s cancelled, %(restaffed)s restaffed.", counts)
