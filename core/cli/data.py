"""`weibao init`, `import` and `template`: an installation and what people enter by workbook."""

from dataclasses import asdict
from pathlib import Path

import click

from core.cli.console import complain, reports_errors, say
from core.cli.installation import install, open_machine
from core.config import Settings
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import InvalidInputError, Message
from core.hooks.manager import load_hooks
from core.security.suites import SuiteName
from core.services.workbook.errors import InvalidWorkbookError, WorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.programs import type_names
from core.services.workbook.store.ledger import ImportSummary
from core.services.workbook.write import write_template


@click.command()
@click.option(
    "--suite",
    type=click.Choice([name.value for name in SuiteName]),
    help="The algorithms that protect fields: AES and SHA-2, or SM4 and SM3. Chosen once.",
)
@reports_errors
def init(suite: str | None) -> None:
    """Make an installation in WEIBAO_DIR, or bring an existing one up to date."""
    machine = install(Settings.from_environment(), SystemClock(), None if suite is None else SuiteName(suite))
    machine.database.dispose()
    say(Message("Ready: %(folder)s. Keep a copy of %(keys)s on another medium.", _places(machine.settings)))


@click.command(name="import")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reports_errors
def import_command(workbook: Path) -> None:
    """Import WORKBOOK: all of it, or nothing and every error at once."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    data = read_file(workbook)
    try:
        with machine.writing() as session:
            summary = import_workbook(session, SYSTEM, machine.clock, machine.hooks, data, demo=machine.settings.demo)
    except InvalidWorkbookError as invalid:
        for error in invalid.errors:
            complain(place(error))
        raise
    for line in imported(summary):
        say(line)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def template(file: Path) -> None:
    """Write an empty workbook with a sheet that explains every column."""
    if file.exists():
        raise InvalidInputError(Message("%(file)s exists already: choose another name.", {"file": file}))
    file.write_bytes(write_template(type_names(load_hooks(Settings.from_environment().plugins))))
    say(Message("Written: %(file)s", {"file": file}))


def read_file(path: Path) -> bytes:
    """Return the file's bytes; raise InvalidInputError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(Message("%(file)s can't be read.", {"file": path})) from error


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


def _places(settings: Settings) -> dict[str, object]:
    return {"folder": settings.data_dir, "keys": settings.key_file}
