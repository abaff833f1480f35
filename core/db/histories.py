"""Lines of migrations, as whoever names them knows them; what carries them out is `core.db.migrate`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class History:
    """A line of migrations: whose it is, where its revisions lie, and the prefix of the tables it looks after."""

    owner: str
    versions: Path
    prefix: str = ""

    @property
    def version_table(self) -> str:
        """The table that remembers how far this history has come."""
        return f"alembic_version_{self.owner}"


def plugin_history(owner: str, versions: Path) -> History:
    """Return the history of a plugin, whose tables all begin with its name."""
    return History(owner=owner, versions=versions, prefix=f"{owner}_")
