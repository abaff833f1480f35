"""The `weibao` command: what it prints and how it ends, without a demo."""

import os
import pty
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from core.cli.console import wording
from core.cli.main import main
from core.hooks.manager import load_hooks
from core.services.demo.workbook import demo_workbook

Run = Callable[..., Result]
COMMAND = Path(sys.executable).with_name("weibao")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the settings of an installation without programs in the test's directory, in English."""
    return {**os.environ, "WEIBAO_DIR": str(tmp_path / "data"), "WEIBAO_LANG": "en", "WEIBAO_PLUGINS": ""}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Return what runs the command on that installation, in this process."""

    def ran(*args: str | Path, **changed: str) -> Result:
        wording.cache_clear()
        done = CliRunner().invoke(main, [str(arg) for arg in args], env={**environment, **changed})
        wording.cache_clear()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    return ran


@pytest.fixture
def installation(run: Run, tmp_path: Path) -> Path:
    """Return the installation that `run` works on, as `weibao init` makes it."""
    assert run("init").exit_code == 0
    return tmp_path / "data"


def test_without_an_installation_it_says_how_to_make_one(environment: dict[str, str]) -> None:
    done = subprocess.run([COMMAND, "plan", "publish"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "weibao init" in done.stderr


def test_wrong_usage_ends_with_two(run: Run) -> None:
    assert run("plan", "fly").exit_code == 2
    assert run("plan", "run").exit_code == 2


def test_init_twice_keeps_what_is_there(run: Run, installation: Path) -> None:
    keys = (installation / "keys/weibao-keys.json").read_bytes()
    assert run("init").exit_code == 0
    assert (installation / "keys/weibao-keys.json").read_bytes() == keys
    assert run("plan", "publish").stderr.strip().startswith("There is no draft yet")


def test_a_workbook_with_made_up_people_is_refused_outside_the_demo_with_every_place(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(demo_workbook(load_hooks()))
    programs = {"WEIBAO_PLUGINS": "character_ed,parent_school,school_link,sst"}
    run("init", **programs)
    done = run("import", book, **programs)
    assert done.exit_code == 1
    assert done.stderr.count("儿童, row ") >= 240
    assert "Nothing was imported" in done.stderr
    assert run("import", book, WEIBAO_DEMO="1", **programs).exit_code == 0


@pytest.mark.usefixtures("installation")
def test_the_template_is_imported_as_nothing_and_never_written_over(run: Run, tmp_path: Path) -> None:
    assert run("template", tmp_path / "book.xlsx").exit_code == 0
    done = run("import", tmp_path / "book.xlsx")
    assert (done.exit_code, done.output) == (0, "The workbook has no rows yet: fill it in, then import it.\n")
    assert run("template", tmp_path / "book.xlsx").exit_code == 1


@pytest.mark.usefixtures("installation")
def test_what_is_no_workbook_is_refused_in_chinese_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_text("儿童", encoding="utf-8")
    done = run("import", tmp_path / "book.xlsx", WEIBAO_LANG="")
    assert done.exit_code == 1
    assert "工作簿" in done.stderr


@pytest.mark.usefixtures("installation")
def test_a_term_that_is_not_there_is_answered_with_those_that_are(run: Run) -> None:
    done = run("plan", "run", "--term", "x")
    assert done.exit_code == 1
    assert "There is no term “x”" in done.stderr


@pytest.mark.usefixtures("installation")
def test_an_address_that_is_taken_is_said_in_one_line(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--bind", f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(environment: dict[str, str]) -> None:
    program = (
        "from core.cli.console import progress\nfrom core.domain.errors import Message\n"
        "with progress(Message('Planning'), 4) as show:\n    show(1, 'cost 9')\n    show(4, 'cost 7')\n"
    )
    plain = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stderr
    assert plain.startswith("Planning …\nPlanning: cost 9\n")
    assert "%" not in plain
    leader, follower = pty.openpty()
    terminal = {**environment, "TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-c", program], env=terminal, stderr=follower) as process:
        process.wait(60)
    os.close(follower)
    assert b"100%" in os.read(leader, 65536)
    os.close(leader)


def test_every_command_is_where_it_is_said_to_be() -> None:
    context = click.Context(main)
    plan = main.get_command(context, "plan")
    assert isinstance(plan, click.Group)
    for group in (main, plan):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.help


def test_help_on_files_needs_no_database(run: Run) -> None:
    code = "import sys; from core.cli.main import main; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert "solve" in run("plan", "--help").output
