"""The contract as authors see it: every hook and value of it stands once in `tests/typing`, strictly typed."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from core import plugin_api
from core.hooks import specs

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted((ROOT / "tests/typing").glob("*.py"))


def nodes() -> list[ast.AST]:
    return [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def types_checked(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_whole_contract_is_well_typed_for_its_authors() -> None:
    done = types_checked(*SOURCES)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("assert_type(serving(session, [row.id for row in held])", "assert_type(serving(session, held)"),
        ("child_id=child.id", "child_id=child.number"),
        ("loan.reason = reason", "loan.reason = 7"),
    ],
)
def test_a_mistake_of_an_author_is_seen(tmp_path: Path, right: str, wrong: str) -> None:
    source = (ROOT / "tests/typing/toy_library.py").read_text(encoding="utf-8")
    assert right in source
    mistaken = tmp_path / "mistaken_library.py"
    mistaken.write_text(source.replace(right, wrong), encoding="utf-8")
    assert "Found 1 error" in types_checked(mistaken).stdout


def test_every_value_of_the_contract_is_used() -> None:
    used = {node.id for node in nodes() if isinstance(node, ast.Name)}
    assert set(plugin_api.__all__) - used == set()


def test_every_hook_is_implemented_with_arguments_that_it_has() -> None:
    tree = ast.parse(Path(specs.__file__).read_text(encoding="utf-8"))
    hooks = {node.name: node.args for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = {node.name: node.args for node in nodes() if isinstance(node, ast.FunctionDef) and node.name in hooks}
    assert found.keys() == hooks.keys()
    told = {name: [each.arg for each in arguments.args] for name, arguments in hooks.items()}
    taken = {name: [each.arg for each in arguments.args] for name, arguments in found.items()}
    assert [name for name, arguments in taken.items() if not set(arguments) <= set(told[name])] == []
