"""The five plugins keep what every plugin must keep on PostgreSQL as well; `tests/contract` shows it on SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.plugins import plugin
from core.conformance.databases import databases_on
from core.domain.errors import InvalidInputError
from core.hooks.manager import load_hooks
from tests.integration.postgresql import Server

OUTSIDE = Path(__file__).parents[1] / "outside/weibao-home-visits"
COMMAND = Path(sys.executable).with_name("weibao")


@pytest.mark.verify
@pytest.mark.postgresql
@pytest.mark.parametrize("which", [(), (OUTSIDE,)], ids=["installed", "outside"])
def test_plugins_keep_on_postgresql_what_they_keep_on_sqlite(postgresql: Server, which: tuple[Path, ...]) -> None:
    """In a process of its own, since a plugin that is imported stays there."""
    done = subprocess.run(
        [COMMAND, "plugin", "check", *which, "--postgresql", postgresql.url],
        env={**os.environ, "WEIBAO_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{1 if which else len(load_hooks().plugins)} plugins keep" in done.stdout


@pytest.mark.verify
@pytest.mark.postgresql
def test_the_command_checks_there_and_leaves_nothing(postgresql: Server) -> None:
    done = CliRunner().invoke(plugin, ["check", "school_link", "--postgresql", postgresql.url])
    assert done.exit_code == 0, done.output
    with databases_on(postgresql.url)() as database, database.engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'weibao_check_')"
        )
        assert len(names.all()) == 1


@pytest.mark.parametrize("server", ["sqlite:///x.db", "postgresql://nobody@127.0.0.1:1/none", "nonsense"])
def test_an_address_without_such_a_server_is_refused(server: str) -> None:
    with pytest.raises(InvalidInputError, match="may create databases"):
        databases_on(server)
