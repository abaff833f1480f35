"""A plugin that lives outside the tree: built, installed, used, taken out and put back; core knows nothing of it."""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest

from core.conformance.suite import CHECKS
from core.db.session import Database
from core.hooks.manager import load_hooks
from tests.integration.conftest import (
    database,
    keys,
    postgresql,
    postgresql_database,
    sqlite_database,
    vault,
)
from tests.outside.installing import ROOT, SOURCE, Installed, install_apart, run

__all__ = ["database", "keys", "postgresql", "postgresql_database", "sqlite_database", "vault"]

KEY: Final = "home_visits"
ALLOWED: Final = frozenset({"core.plugin_api", "core.testing"})
RULES: Final = frozenset(f"{KEY}.{name}" for name in ("once_a_month", "by_daylight", "time_for_the_way"))
WEIBAO: Final = ("-c", "from core.cli.main import main; main()")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return the plugin, built as a wheel and installed apart from this project's environment."""
    return install_apart(tmp_path_factory.mktemp("outside"))


# --- The distribution ----------------------------------------------------------


def test_the_wheel_holds_all_that_core_looks_for_beside_the_modules(installed: Installed) -> None:
    held = set(ZipFile(installed.wheel).namelist())
    wanted = {
        str(path.relative_to(SOURCE))
        for path in (SOURCE / "weibao_home_visits").rglob("*")
        if path.suffix in {".py", ".html", ".po"}
    }
    assert wanted
    assert wanted - held == set()
    assert "weibao_home_visits/translations/zh_Hans_CN/LC_MESSAGES/messages.mo" in held
    assert not any(name.startswith("tests/") for name in held)


def imported(source: str) -> Iterator[str]:
    """Yield the modules that a source imports, those it imports from among them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def beyond_the_contract(source: str) -> list[str]:
    """Return the modules of the product that a source imports and a plugin may not."""
    own = ("core", "plugins", "admin", "tests")
    return [name for name in imported(source) if name.partition(".")[0] in own and name not in ALLOWED]


def test_it_imports_the_contract_and_nothing_else_of_the_product() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    assert {name for source in sources.values() for name in imported(source)} >= ALLOWED
    assert {str(path): found for path, source in sources.items() if (found := beyond_the_contract(source))} == {}


@pytest.mark.parametrize("line", ["import core.db", "from core import plugin_api", "from admin.base import StaffView"])
def test_an_import_beyond_the_contract_is_seen(line: str) -> None:
    assert beyond_the_contract(f"def late():\n    {line}\n")


def test_nothing_in_the_product_knows_it() -> None:
    names = (KEY, "home-visits")
    sources = [
        path
        for folder in ("core", "admin", "plugins")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".po", ".ts", ".css"} and "node_modules" not in path.parts
    ]
    assert sources
    assert [str(path) for path in sources if any(name in path.read_text(encoding="utf-8") for name in names)] == []


# --- The contract --------------------------------------------------------------


def test_it_is_found_once_it_is_installed_and_only_then(installed: Installed) -> None:
    line = f"{KEY} (weibao-home-visits 0.1.0): Home visits, 2 kinds of activity"
    assert line in run(*WEIBAO, "plugin", "list", beside=installed.folder).stdout.splitlines()
    assert KEY not in {plugin.key for plugin in load_hooks().plugins}


@pytest.mark.verify
def test_it_keeps_what_every_plugin_must_keep_alone_and_beside_the_others(installed: Installed) -> None:
    checked = run(*WEIBAO, "plugin", "check", KEY, beside=installed.folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("✓") == len(CHECKS)


@pytest.mark.verify
def test_its_own_tests_pass_where_only_its_sources_are(installed: Installed) -> None:
    tests = run("-m", "pytest", "-q", "-p", "no:cacheprovider", folder=installed.source)
    assert tests.returncode == 0, tests.stdout


# --- A station that has it, does without it, and has it again --------------------


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Mapping[str, str]:
    """Return the environment of an installation on a database of its own."""
    url = database.engine.url.render_as_string(hide_password=False)
    return {"WEIBAO_DIR": str(tmp_path / "station"), "WEIBAO_DATABASE_URL": url}


def gone_through(step: str, settings: Mapping[str, str], beside: Path | None = None) -> dict[str, Any]:
    """Return what the station says of a step that it went through in a process of its own."""
    done = run(str(ROOT / "tests/outside/station.py"), step, beside=beside, **settings)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "虚构路" not in done.stderr, "No log says where a child lives."
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.verify
def test_a_station_plans_visits_is_without_the_plugin_for_a_while_and_loses_nothing(
    installed: Installed, settings: Mapping[str, str]
) -> None:
    begun = gone_through("begin", settings, installed.folder)
    assert_that_rules_were_kept(begun["planned"])
    assert_that_homes_are_told_to_two(begun["told"])
    without = gone_through("without", settings)
    assert_that_all_else_goes_on(without)
    back = gone_through("back", settings, installed.folder)
    assert back["broken"] == []
    assert back["sessions"] == without["before"]
    assert back["month"] == ["C001", "C002", "11月28日"]
    assert back["note"], "What visitors wrote can still be read."
    restricted = back["restricted"]
    assert (restricted["noted"], restricted["apart"]) == (409, 409), "Also of what hangs on a child by other rows."
    assert restricted["ended"] == 302
    assert sorted(restricted["told"]) == [404, 409, 409], "Nobody is told where the child lives."


def assert_that_rules_were_kept(planned: Mapping[str, Any]) -> None:
    nobody, no_more = planned["refusals"]
    assert nobody.startswith("Nobody has said whom “走访2” visits")
    assert no_more.startswith("Whom “走访2” visits needs no visit on")
    assert planned["status"] == "published"
    assert (planned["breaches"], planned["shortfalls"]) == ([], [])
    assert set(planned["careless"]) & RULES, "Without the rules they are broken."
    assert planned["extension"]["way"] == 30
    assert planned["extension"]["series"].keys() == set(planned["visits"])
    held = [activity for activity, _, _ in planned["held"]]
    assert [held.count(activity) for activity in planned["visits"]] == [2, 2]
    assert {len(homes) for homes in planned["households"]} == {2}


def assert_that_homes_are_told_to_two(told: Mapping[str, Any]) -> None:
    assert told["told"] == told["serving"]
    assert len(told["serving"]) == told["looks"] == 2
    assert told["refused"] == [403, 404], "Staff have no such page, and for other volunteers there is no such visit."
    assert told["early"] == 404, "Three weeks before a visit nobody needs to know."
    assert (told["noted"], told["changed"], told["no_month"]) == (302, 302, 400)
    assert told["unfit"] == [422] * 5
    assert told["report"] == [[["2026-11", None, None], ["2026-12", None, None]]], "Of two children nothing is told."
    assert told["month"] == ["C001", "C002", "11月28日"]
    assert told["counted"] == "2026-11: 2 visits are due; 1 made, 1 planned, 0 not planned.\n"
    assert told["leaks"] == []


def assert_that_all_else_goes_on(without: Mapping[str, Any]) -> None:
    assert KEY not in without["plugins"]
    assert len(without["plugins"]) == 5
    assert set(without["pages"].values()) == {200}
    assert without["gone"] == 404
    assert without["orphans"] == 2, "Its activities are listed by the key of their kind."
    assert without["tables"] == [f"alembic_version_{KEY}", *(f"{KEY}_{name}" for name in ("needs", "series", "visits"))]
    assert (without["status"], without["breaches"]) == ("published", [])
    assert without["sessions"] == without["before"], "A new plan holds its sessions where they were."
    assert without["children"] == ["C001", "C002"]
