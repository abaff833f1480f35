"""Who acts and by what: what decisions need beside a session."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.domain.actor import Actor
from core.domain.clock import Clock, wall_clock
from core.hooks.calling import Hooks


@dataclass(frozen=True)
class Desk:
    """Who acts, and what every decision needs: the clock, the programs, the station's zone."""

    actor: Actor
    clock: Clock
    hooks: Hooks
    timezone: str

    @property
    def now(self) -> datetime:
        """The station's wall-clock time."""
        return wall_clock(self.clock, self.timezone)

    def moment(self, local: datetime) -> datetime:
        """Return a wall-clock time as a moment of the machine."""
        return local.replace(tzinfo=ZoneInfo(self.timezone))
