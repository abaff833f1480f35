"""How long the solver may still go on."""

from collections.abc import Callable
from time import monotonic


class Lap:
    """Time that runs out, or is cut short by whoever asked."""

    def __init__(
        self, seconds: float, cancelled: Callable[[], bool] | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds, self._clock, self._cancelled = seconds, clock, cancelled
        self._began = clock()
        self.cut = False

    def spent(self) -> float:
        """Return the seconds since it began."""
        return self._clock() - self._began

    def left(self) -> float:
        """Return the seconds that are left, none once it was cut short."""
        if self._cancelled is not None and self._cancelled():
            self.cut = True
        return 0.0 if self.cut else max(0.0, self._seconds - self.spent())

    def over(self) -> bool:
        """Say whether nothing is left."""
        return self.left() <= 0.0
