"""What a process imports when it starts: a command's help nothing that works, the pages nothing that plans."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from core.cli.lazy import LazyGroup, said_in
from core.cli.main import main

COMMAND = Path(sys.executable).with_name("weibao")
#: Libraries that take long to import, or bring others that do.
SOLVERS = {"ortools", "numba", "numpy", "pandas"}
HEAVY = SOLVERS | {"alembic", "flask", "flask_admin", "gunicorn", "holidays", "sqlalchemy", "typst", "xlsxwriter"}


def imported(program: str) -> set[str]:
    """Return the packages that a new process has imported after it ran a program."""
    last = "\nimport json, sys\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", program + last], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["allocate", "--help"], ["--version"]], ids=" ".join)
def test_help_is_said_without_importing_what_works(words: list[str]) -> None:
    program = f"from core.cli.main import main\ntry:\n    main({words!r})\nexcept SystemExit:\n    pass"
    assert imported(program) & HEAVY == set()


def test_the_pages_are_composed_without_a_solver() -> None:
    assert imported("import core.app, core.plugin_api") & (SOLVERS | {"alembic", "flask_admin", "gunicorn"}) == set()


def test_plugins_are_loaded_without_a_solver() -> None:
    assert imported("from core.hooks.manager import load_hooks\nload_hooks()") & SOLVERS == set()


def groups() -> list[LazyGroup]:
    return [main, *(one for one in main.commands.values() if isinstance(one, LazyGroup))]  # type: ignore[list-item]


def test_help_says_of_each_command_what_the_command_says_itself() -> None:
    places = {name: place for group in groups() for name, place in group._places.items()}
    assert len(places) > 20
    for group in groups():
        with click.Context(group) as context:
            for name, place in group._places.items():
                command = group.get_command(context, name)
                assert command is not None
                assert said_in(place).split() == (command.help or "").split(), name


def test_help_names_the_plugins_that_are_installed_and_chosen() -> None:
    chosen = {**os.environ, "WEIBAO_PLUGINS": "school_link"}
    said = subprocess.run([COMMAND, "--help"], env=chosen, capture_output=True, text=True, check=True).stdout
    assert "school_link" in said
    assert "character_ed" not in said
