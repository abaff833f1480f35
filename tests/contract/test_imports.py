"""The import contracts hold, and each of them can fail: a violation that is planted is reported by its contract."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "plugins", "admin")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# By contract: the file that gets a line, and the line. A file that exists keeps what it has.
VIOLATIONS: dict[str, dict[str, str]] = {
    "outward": {
        "core/domain/planted_admin.py": "import admin",
        "core/app.py": "import plugins.planted",
        "plugins/planted/to_admin.py": "import admin",
        "admin/to_plugin.py": "import plugins.planted",
    },
    "apart": {"plugins/planted/to_other.py": "import plugins.planted_other"},
    "surface": {
        "plugins/planted/to_db.py": "import core.db",
        "plugins/planted/to_domain.py": "from core.domain import errors",
    },
    "layers": {
        "core/domain/planted_up.py": "import core.planning",
        "core/feeds/planted_sideways.py": "import core.planning",
        "core/allocation/planted_sideways.py": "import core.planning",
        "core/planning/planted_sideways.py": "import core.allocation",
        "core/exchange/planted_up.py": "import core.allocation",
        "core/db/planted_upwards.py": "import core.services",
        "core/jobs/planted_upwards.py": "import core.services",
        "core/web/planted_worker.py": "import core.worker",
        "core/utils/__init__.py": "",
    },
    "pure": {
        "core/planning/planted_sql.py": "import sqlalchemy",
        "core/allocation/planted_sql.py": "import sqlalchemy",
        "core/allocation/planted_web.py": "import flask",
        "core/exchange/planted_sql.py": "import sqlalchemy",
        "core/feeds/planted_flask.py": "import flask",
        "core/domain/planted_babel.py": "import flask_babel",
    },
    "no-web-below": {
        "core/services/planted_flask.py": "import flask",
        "core/security/planted_forms.py": "import flask_wtf",
    },
    "ortools": {
        "core/web/planted_solver.py": "from ortools.sat.python import cp_model",
        "core/exchange/planted_solver.py": "import ortools",
    },
    "judge": {
        "core/allocation/checking/planted_solver.py": "import core.allocation.solving",
        "core/allocation/solving/planted_judge.py": "import core.allocation.checking.joining",
    },
    "icalendar": {"core/services/planted_feed.py": "import icalendar"},
    "admin-frame": {
        "core/web/planted_frame.py": "import flask_admin",
        "plugins/planted/to_frame.py": "from flask_admin.contrib import sqla",
    },
    "acyclic": {
        "core/domain/planted_one.py": "import core.domain.planted_two",
        "core/domain/planted_two.py": "import core.domain.planted_one",
    },
}
# What the planted lines point at.
TARGETS = ("plugins/planted/__init__.py", "plugins/planted_other/__init__.py")


def contracts() -> list[str]:
    """Return the ids of all contracts in pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]]


def copy_of_the_code(tree: Path) -> None:
    """Copy the project's Python files and settings into an empty folder."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            relative = source.relative_to(ROOT)
            if "node_modules" not in relative.parts:
                (tree / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, tree / relative)
    shutil.copyfile(ROOT / "pyproject.toml", tree / "pyproject.toml")


def plant(tree: Path, lines: Mapping[str, str]) -> None:
    """Add each line to the end of its file below `tree`, and the modules that the lines import."""
    for name, line in {**dict.fromkeys(TARGETS, ""), **lines}.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as text:
            text.write(f"\n{line}\n")


def lint_imports(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the packages below `tree`, and nowhere else."""
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", *arguments],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def last_name(file: str) -> str:
    """Return the last part of a module's name with its dot: some reports leave out the package they are about."""
    return "." + file.removesuffix(".py").removesuffix("/__init__").rsplit("/", 1)[-1]


def test_the_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_contract_has_a_planted_violation() -> None:
    assert sorted(VIOLATIONS) == sorted(contracts())


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_reported_by_its_contract(contract: str, tmp_path: Path) -> None:
    copy_of_the_code(tmp_path)
    plant(tmp_path, VIOLATIONS[contract])
    done = lint_imports(tmp_path, "--contract", contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "0 kept, 1 broken" in done.stdout
    _, report = done.stdout.split("Broken contracts", 1)
    missed = [name for name in VIOLATIONS[contract] if last_name(name) not in report]
    assert not missed, report
