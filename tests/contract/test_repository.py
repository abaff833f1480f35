"""What is true of every file in the repository, whoever wrote it."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 50
MOST_BYTES = 1_000_000

# Kept word for word as they were published, so that a plan is judged by what everybody else judges with.
VERBATIM = {"referee.py", "make_instance.py"}

MACHINE_PATH = re.compile(r"(?<![\w.}/-])/(?:home|Users|root|work|private/tmp)/\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|npmmirror|tuna\.tsinghua|mirrors\.\w"
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
SKIPPED = re.compile(r"\bpytest\.(?:mark\.)?(?:skip|skipif|importorskip)\b|\bunittest\.skip")


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the repository: those in git, or on their way into it."""
    names = subprocess.run(
        # The folder may belong to another user than the one who runs the tests, as in a container.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(names.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and content of each file that is text, save this one, which spells out what it looks for."""
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000] and path != Path(__file__):
            yield str(path.relative_to(ROOT)), content.decode("utf-8")


def lines_with(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    """Return `file:line: text` for each line in which the pattern occurs, in files of these suffixes or in all."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if not suffixes or name.endswith(suffixes)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def python_files() -> list[Path]:
    """Return the Python files that the project's limits apply to: not what was copied, nor what Alembic generated."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.name not in VERBATIM and path.parts[-3:-1] != ("migrations", "versions")
    ]


def long_functions(path: Path) -> list[str]:
    """Return `file:line name (lines)` for each function over the limit."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, functions)]
    sizes = [(node, (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({size})"
        for node, size in sizes
        if size > MOST_LINES_IN_A_FUNCTION
    ]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_nothing_is_marked_as_unfinished() -> None:
    assert lines_with(UNFINISHED) == []


def test_no_test_is_skipped() -> None:
    assert [line for line in lines_with(SKIPPED, ".py") if line.startswith("tests/")] == []


def test_no_python_file_is_too_long() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_IN_A_FILE} == {}


def test_no_function_is_too_long() -> None:
    assert [line for path in python_files() for line in long_functions(path)] == []


def test_no_file_is_too_large_for_git() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+ .*\\\n\s+--hash=sha256:", entry)] == []
    assert "://" not in text
    assert "--index" not in text


def test_the_test_lock_holds_every_pin_of_the_product() -> None:
    pins = {name: set(re.findall(r"^\S+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE)) for name in LOCKS}
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]


def test_the_browser_lock_has_a_hash_for_each_package_and_no_address() -> None:
    lock = json.loads((ROOT / "core/web/frontend/package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "open('/home/li/weibao.db')"),
        (REGISTRY, "https://pypi.org/simple"),
        (UNFINISHED, "# TODO: later"),
        (SKIPPED, "@pytest.mark.skipif(True)"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_the_limit_on_functions_sees_a_long_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    long = tmp_path / "long.py"
    long.write_text("def f():\n" + "    x = 1\n" * MOST_LINES_IN_A_FUNCTION, encoding="utf-8")
    assert long_functions(long) == [f"long.py:1 f ({MOST_LINES_IN_A_FUNCTION + 1})"]
