"""What a bound is asked for."""

from typing import Protocol

from core.planning.model.choices import Choices
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules.base import Rule


class Asked(Protocol):
    """A problem with what counts in it, and how a solver should work on it; the search's Task is one.

    The rules must include the standard ones. A preference that isn't a standard one counts for nothing, which is valid
    as its amount is never below 0.
    """

    @property
    def problem(self) -> Problem:
        """Return the problem."""
        ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that hold."""
        ...

    @property
    def preferences(self) -> tuple[Preference, ...]:
        """Return the preferences that count."""
        ...

    @property
    def choices(self) -> Choices:
        """Return what the rules leave to decide, which is only read."""
        ...

    @property
    def seed(self) -> int:
        """Return the seed of what is random."""
        ...

    @property
    def workers(self) -> int:
        """Return how many threads a solver may use."""
        ...
