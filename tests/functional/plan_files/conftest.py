"""The file commands, run in English in a folder with a tiny problem and without any installation."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli.console import wording
from core.cli.main import main
from core.planning.files import write_problem
from core.planning.problem import Problem
from tests.unit.planning.builders import a_problem, an_activity

Run = Callable[..., Result]
WEIGHTS = {"unscheduled": 1000, "required": 100, "trips": 1, "load": 1}


@pytest.fixture
def weibao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Return what runs the command; anything but an orderly end fails the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEIBAO_LANG", "en")
    monkeypatch.setenv("WEIBAO_PLUGINS", "")
    monkeypatch.setenv("WEIBAO_DIR", str(tmp_path / "nothing is installed here"))
    wording.cache_clear()

    def run(*args: object) -> Result:
        done = CliRunner().invoke(main, [str(arg) for arg in args])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    yield run
    wording.cache_clear()


@pytest.fixture
def tiny() -> Problem:
    """Return a problem of two sessions that is solved in no time."""
    return a_problem(an_activity(), weights=WEIGHTS)


@pytest.fixture
def problem_file(tmp_path: Path, tiny: Problem) -> Path:
    """Return the file of the tiny problem."""
    path = tmp_path / "problem.json"
    write_problem(path, tiny)
    return path
