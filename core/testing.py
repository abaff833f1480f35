"""What tests of core and of plugins share: pytest loads it as a plugin, so its imports stay light."""

from datetime import UTC, datetime

import pytest

from core.domain.clock import FixedClock

#: The moment at which tests take place: a Thursday, two days before the demo's first weekend.
TEST_MOMENT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at TEST_MOMENT."""
    return FixedClock(TEST_MOMENT)
