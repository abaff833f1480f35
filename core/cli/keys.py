"""`weibao key`: the keys that protect fields."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.cli.console import progress, reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.domain.clock import SystemClock
from core.domain.errors import ConflictError, Message
from core.services.key_rotation import fields_by_key, rotate


@click.group()
def key() -> None:
    """The keys that protect what is kept of children."""


@key.command("list")
@reports_errors
def list_command() -> None:
    """Say how many fields each key has sealed."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    for name, count in fields_by_key(machine.database).items():
        say(Message("%(key)s: %(count)s fields", {"key": name, "count": count}))


@key.command("rotate")
@reports_errors
def rotate_command() -> None:
    """Make a new key and seal every protected field with it; the installation may be in use meanwhile.

    A rotation that was cut off is gone on with. Back the key file up afterwards: older backups need the older keys.
    """
    settings = Settings.from_environment()
    machine = open_machine(settings, SystemClock())
    with _alone(settings.key_file), progress(Message("Sealing anew"), 1) as show:
        count = rotate(machine.database, settings.key_file, lambda done, total: show(done / total, f"{done}/{total}"))
    say(
        Message(
            "%(count)s fields were sealed anew. Please back up %(file)s on another medium.",
            {"count": count, "file": settings.key_file},
        )
    )


@contextmanager
def _alone(key_file: Path) -> Iterator[None]:
    """Keep other rotations away; the operating system lets go of the lock when this process dies."""
    with key_file.with_name(f"{key_file.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(Message("Another rotation is under way: wait until it is done.")) from error
        yield
