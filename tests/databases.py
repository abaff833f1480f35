"""Databases that have core's tables already: the file is made once in a process and copied for whoever needs one."""

from functools import cache
from pathlib import Path

from core.cli.installation import Machine, install
from core.config import Settings
from core.conformance.databases import migrated_file
from core.db.session import Database
from core.domain.clock import Clock
from core.security.vault import Vault
from tests.mutated import changed_database


def lay_file(path: Path) -> Path:
    """Put the file of a migrated SQLite database without rows at a path, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_file(changed_database()))
    return path


def migrated(path: Path, vault: Vault) -> Database:
    """Open a migrated SQLite database without rows at a path."""
    return Database(f"sqlite:///{lay_file(path)}", vault)


def installed(settings: Settings, clock: Clock) -> Machine:
    """Make an installation in the settings' folder, whose database is there already and has only to be taken."""
    lay_file(settings.data_dir / "weibao.db")
    return install(settings, clock)


@cache
def _file(_changed: str) -> bytes:
    """Return the file, made once for each change under test of how it is made."""
    return migrated_file()
