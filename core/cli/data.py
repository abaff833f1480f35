"""`weibao init` and `template`: an installation, and the workbook that people fill in."""

from pathlib import Path

import click

from core.cli.console import reports_errors, say
from core.cli.installation import install
from core.config import Settings
from core.domain.clock import SystemClock
from core.domain.errors import InvalidInputError, Message
from core.hooks.manager import load_hooks
from core.security.suites import SuiteName
from core.services.workbook.programs import type_names
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


def _places(settings: Settings) -> dict[str, object]:
    return {"folder": settings.data_dir, "keys": settings.key_file}
