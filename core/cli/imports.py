"""`weibao import`: a whole planning workbook, or children and guardians by themselves."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from core.cli.console import complain, progress, reports_errors, say, wording
from core.cli.data import read_file
from core.cli.installation import open_machine
from core.config import Settings
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.services.workbook.children_alone import import_children
from core.services.workbook.errors import InvalidWorkbookError, WorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.store.ledger import ImportSummary

_WHOLE: Final = "workbook"


class _WorkbookUnlessSaid(click.Group):
    """A group whose first word may be left out: a file alone is a whole workbook."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names, else that of a whole workbook with all the words."""
        if args and args[0] not in self.commands:
            return _WHOLE, self.commands[_WHOLE], args
        return super().resolve_command(ctx, args)


@click.group(name="import", cls=_WorkbookUnlessSaid)
def import_group() -> None:
    """Import a FILE: a whole planning workbook, or, after the word `children`, children and guardians alone."""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reports_errors
def workbook(file: Path) -> None:
    """Import a whole planning workbook: all of it, or nothing and every error at once."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    data = read_file(file)
    try:
        with machine.writing() as session:
            summary = import_workbook(session, SYSTEM, machine.clock, machine.hooks, data, demo=machine.settings.demo)
    except InvalidWorkbookError as invalid:
        for error in invalid.errors:
            complain(place(error))
        raise
    for line in imported(summary):
        say(line)


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reports_errors
def children(file: Path) -> None:
    """Import children and guardians: all of them, or nothing and every error at once."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    data, summary = read_file(file), None
    try:
        with progress(Message("Importing children"), 1.0) as show, machine.writing() as session:
            for step in import_children(session, SYSTEM, machine.clock, data, demo=machine.settings.demo):
                summary = step.summary
                show(step.done / (step.total or 1), f"{wording().say(step.phase.value)} {step.done} / {step.total}")
    except InvalidWorkbookError as invalid:
        for error in invalid.errors:
            complain(place(error))
        raise
    if summary is not None:
        for line in imported(summary):
            say(line)


def place(error: WorkbookError) -> Message:
    """Return an error of a workbook with its place, as Excel counts rows; row 0 is the whole sheet."""
    if not error.row:
        return Message("%(sheet)s: %(problem)s", {"sheet": error.sheet, "problem": error.message})
    where = {"sheet": error.sheet, "row": error.row, "column": error.column, "problem": error.message}
    return Message("%(sheet)s, row %(row)s, %(column)s: %(problem)s", where)


def imported(summary: ImportSummary) -> list[Message]:
    """Return what an import did, a sentence a sheet."""
    if not summary.counts:
        return [Message("The workbook has no rows yet: fill it in, then import it.")]
    if not summary.changed_anything:
        return [Message("Everything in the workbook was there already: nothing changed.")]
    return [
        Message(
            "%(sheet)s: %(added)s added, %(changed)s changed, %(unchanged)s unchanged, %(removed)s removed.",
            {"sheet": sheet, **asdict(count)},
        )
        for sheet, count in summary.counts.items()
    ]
