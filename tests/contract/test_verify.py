"""What `make verify` keeps of its steps: the last result of each, whatever was chosen and wherever it was cut."""

import importlib
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

NAMES = ["tests", "benchmark: feeds", "benchmark: records"]


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """Return the program as a module that writes into a folder of its own."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1])
    module = importlib.import_module("verify")
    monkeypatch.setattr(module, "PAGE", tmp_path / "verification.md")
    monkeypatch.setattr(module, "RESULTS", tmp_path / "verification.json")
    return module


def kept(verify: ModuleType, name: str, revision: str, *, passed: bool = True, output: str = "") -> str:
    """Keep a result of a step and return the page."""
    verify.keep(verify.Result(name, passed, "", 1.0, "2026-01-02", revision, "Python, 2 cores", output), NAMES)
    return str(verify.PAGE.read_text("utf-8"))


def test_a_new_result_takes_the_place_of_the_former_one_alone(verify: ModuleType) -> None:
    kept(verify, "benchmark: records", "aaa", output="1,000 rows")
    kept(verify, "tests", "bbb", passed=False)
    page = kept(verify, "tests", "ccc")
    assert [line for line in page.splitlines() if line.startswith("| tests")] == [
        "| tests | passed |  | 1 s | 2026-01-02 | ccc |"
    ]
    assert "| benchmark: records | passed | see below | 1 s | 2026-01-02 | aaa |" in page
    assert page.index("| tests") < page.index("| benchmark: records")
    assert "1,000 rows" in page


def test_a_step_that_is_no_more_leaves_the_page(verify: ModuleType) -> None:
    kept(verify, "benchmark: of old", "aaa")
    assert "of old" not in kept(verify, "tests", "bbb")


def test_words_choose_steps(verify: ModuleType) -> None:
    everything = verify.trials(verify.ROOT)
    names = [trial.step.name for trial in verify.chosen(everything, ["records", "mutation"])]
    assert [name.partition(" ")[0] for name in names] == ["benchmark:", "mutation"]
    assert verify.chosen(everything, []) == everything


def test_the_page_itself_makes_no_commit_a_changed_one(
    verify: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "ROOT", tmp_path)
    assert verify.revision() == "no commit"
    kept(verify, "tests", "aaa")
    (tmp_path / "code.py").write_text("")
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    for command in (("init",), ("add", "."), ("commit", "-m", "all")):
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)
    kept(verify, "tests", "bbb")
    assert verify.revision().isalnum()
    (tmp_path / "code.py").write_text("changed = True")
    assert verify.revision().endswith("-dirty")


def test_a_word_that_no_step_has_runs_nothing_and_tells_the_names(
    verify: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main(["no such step"]) == 2
    assert "benchmark: records" in capsys.readouterr().out
    assert not verify.PAGE.exists()
