"""`weibao backup` and `weibao restore`: a copy of the embedded database, and putting one back."""

from pathlib import Path

import click
from sqlalchemy import inspect, make_url

from core.cli.console import reports_errors, say
from core.cli.installation import Machine, open_machine
from core.config import Settings
from core.db.models import OutboxNotice
from core.domain.clock import SystemClock
from core.domain.errors import ConflictError, Message
from core.services.backups import file_of, installation_of, make_backup, put_back
from core.services.erasing import erase_again, erased_so_far, read_ledger, write_ledger
from core.services.notices.outbox import hold


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def backup(file: Path) -> None:
    """Write a copy of the database to FILE, while it is in use; the key file is backed up apart from it."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    keep_ledger(machine)
    manifest = make_backup(machine.database, machine.clock, file)
    machine.database.dispose()
    say(Message("%(file)s: %(size)s bytes, whole.", {"file": file, "size": manifest.size}))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of the database that is there.")
@reports_errors
def restore(file: Path, *, replace: bool) -> None:
    """Put a backup in the place of the database, and erase again what was erased since it was made."""
    settings = Settings.from_environment()
    machine = _installed(settings)
    if machine is not None and not replace:
        machine.database.dispose()
        raise ConflictError(
            Message("There is an installation already: add --replace to put the backup in the place of its database.")
        )
    installation, place = None, Path(str(make_url(settings.database_url).database))
    if machine is not None:
        place, installation = file_of(machine.database), installation_of(machine.database)
        keep_ledger(machine)
        machine.database.dispose()
    manifest = put_back(file, place, installation=installation)
    machine = open_machine(settings, SystemClock())
    again = bring_up_to_ledger(machine)
    held = _hold_notices(machine)
    machine.database.dispose()
    say(
        Message(
            "Put back as of %(moment)s. Erased again: %(count)s.", {"moment": manifest.made_at[:16], "count": again}
        )
    )
    if held:
        say(Message("Notices held back, since they may have been sent already: %(count)s.", {"count": held}))


def keep_ledger(machine: Machine) -> None:
    """Copy what the database knows to have been erased to the ledger beside the key file."""
    with machine.reading() as session:
        erased = erased_so_far(session)
    write_ledger(machine.settings.erasure_ledger, machine.database.vault, erased)


def bring_up_to_ledger(machine: Machine) -> int:
    """Erase what the ledger says and the database has all the same; return how many records that were."""
    ledger = read_ledger(machine.settings.erasure_ledger, machine.database.vault)
    with machine.writing() as session:
        return erase_again(session, machine.clock, ledger)


def _hold_notices(machine: Machine) -> int:
    """Hold back what may have been sent since the backup; one of an older version has no outbox."""
    if not inspect(machine.database.engine).has_table(OutboxNotice.__tablename__):
        return 0
    with machine.writing() as session:
        return hold(session)


def _installed(settings: Settings) -> Machine | None:
    """Return the installation that is there; None where there are keys and no database, or nothing at all."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return None
    return open_machine(settings, SystemClock())
