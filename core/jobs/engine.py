"""What carries out runs that are rows already."""

from typing import Protocol
from uuid import UUID


class Engine(Protocol):
    """Something that sees to it that a process takes a run of the planner."""

    def start(self, run_id: UUID) -> None:
        """Have the run taken soon, and return at once; one that is being carried out already is left alone."""
        ...
