"""`weibao init`, `import` and `template`: an installation and what people enter by workbook."""

from pathlib import Path

import click

from core.cli.console import reports_errors, say
from core.cli.installation import install, open_machine
from core.config import Settings
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import InvalidInputError, Message
from core.services.workbook.store import ImportSummary, import_workbook
from core.services.workbook.write import template_workbook


@click.command()
@reports_errors
def init() -> None:
    """Make an installation in WEIBAO_DIR, or bring an existing one up to date."""
    machine = install(Settings.from_environment(), SystemClock())
    say(Message("Ready: %(folder)s. Keep a copy of %(keys)s on another medium.", _places(machine.settings)))


@click.command(name="import")
@click.argument("workbook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reports_errors
def import_command(workbook: Path) -> None:
    """Import WORKBOOK: all of it, or nothing and every error at once."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    data = read_file(workbook)
    with machine.writing() as session:
        summary = import_workbook(session, SYSTEM, machine.clock, data, demo=machine.settings.demo)
    say(imported(summary))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def template(file: Path) -> None:
    """Write an empty workbook with a sheet that explains every column."""
    if file.exists():
        raise InvalidInputError(Message("%(file)s exists already: choose another name.", {"file": file}))
    file.write_bytes(template_workbook())
    say(Message("Written: %(file)s", {"file": file}))


def read_file(path: Path) -> bytes:
    """Return the file's bytes; raise InvalidInputError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(Message("%(file)s can't be read.", {"file": path})) from error


def imported(summary: ImportSummary) -> Message:
    """Return an import's counts in one sentence."""
    return Message(
        "Imported: %(added)s rows added, %(changed)s changed, %(unchanged)s unchanged.",
        {"added": summary.added, "changed": summary.changed, "unchanged": summary.unchanged},
    )


def _places(settings: Settings) -> dict[str, object]:
    return {"folder": settings.data_dir, "keys": settings.key_file}
