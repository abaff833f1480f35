"""What tests of core and of plugins share: pytest loads it as a plugin, so its imports stay light."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.domain.clock import FixedClock

#: The moment at which tests take place: a Thursday, two days before the demo's first weekend.
TEST_MOMENT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at TEST_MOMENT."""
    return FixedClock(TEST_MOMENT)


def plugin_findings(plugin: str | Path) -> Mapping[str, tuple[str, ...]]:
    """Return what is wrong with a plugin, by the name of the check; empty if it keeps all that a plugin must keep.

    The plugin is named by its key, if it is installed, or by the folder with its `pyproject.toml`.
    """
    # Imported only now: pytest loads this module before every test run, and the checks bring the whole application.
    from core.conformance.loading import chosen  # noqa: PLC0415
    from core.conformance.subject import subject_of  # noqa: PLC0415
    from core.conformance.suite import findings  # noqa: PLC0415
    from core.hooks.manager import load_hooks  # noqa: PLC0415

    hooks = load_hooks()
    (found,) = chosen([str(plugin)], hooks)
    return {check.name: complaints for check, complaints in findings(subject_of(found, hooks.plugins)) if complaints}
