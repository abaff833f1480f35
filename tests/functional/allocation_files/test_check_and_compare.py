"""`weibao allocate check` and `compare`: what they say, how they end, and what they refuse."""

import json
from pathlib import Path

import pytest

from tests.functional.allocation_files.conftest import Run, change

Files = tuple[Path, Path]


def test_an_allocation_that_keeps_every_rule_is_told_with_its_figures(weibao: Run, files: Files) -> None:
    done = weibao("allocate", "check", *files)
    assert done.exit_code == 0
    assert "3 children have a place, 0 have none; 3 places are given, and 2 of 2 activities are held." in done.stdout
    assert "Dearest wish that came true: rank 1 for 2 children." in done.stdout
    assert "The allocation keeps every rule." in done.stdout


def test_each_broken_rule_is_told_with_its_code(weibao: Run, files: Files) -> None:
    change(files[1], places={"c-1": ["a-chess", "a-football"], "c-3": ["a-chess"]}, aims=[])
    done = weibao("allocate", "check", *files)
    assert done.exit_code == 1
    for code in ("clash", "limit", "together"):
        assert f"({code})" in done.stdout
    assert "The allocation is wrong in 3 places." in done.stderr


def test_what_cannot_be_read_ends_with_two_and_the_place(weibao: Run, files: Files) -> None:
    change(files[0], kids=[])
    done = weibao("allocate", "check", *files)
    assert (done.exit_code, done.stderr.strip()) == (2, "$: “kids” is not known here.")


def test_an_allocation_of_another_term_is_refused_before_anything_is_said(weibao: Run, files: Files) -> None:
    change(files[1], problem="winter")
    done = weibao("allocate", "check", *files)
    assert done.exit_code == 1
    assert "is of “winter 20270701”, not of “summer-2027 20270701”" in done.stdout


@pytest.fixture
def other(files: Files, tmp_path: Path) -> Path:
    """Return the file of an allocation in which football is not held."""
    path = tmp_path / "other.json"
    path.write_bytes(files[1].read_bytes())
    change(path, places={"c-1": ["a-chess"], "c-2": ["a-chess"]}, opened=["a-chess"], aims=[])
    return path


def test_two_allocations_are_compared_aim_by_aim(weibao: Run, files: Files, other: Path) -> None:
    done = weibao("allocate", "compare", *files, other)
    assert done.exit_code == 0
    assert "0 children have a place in B alone, 1 in A alone, 0 have others in B than in A." in done.stdout
    assert "“a-football” is held in A alone." in done.stdout
    assert "A is better; the first aim in which they differ is: children with a place." in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("children with a place ")]
    assert row.split()[-3:] == ["3", "2", "-1"]


def test_the_comparison_as_json_has_the_same(weibao: Run, files: Files, other: Path) -> None:
    done = weibao("allocate", "compare", files[0], other, files[1], "--json")
    found = json.loads(done.stdout)
    assert found["children"] == {"c-3": "gained"}
    assert found["only_second"] == ["a-football"]
    assert (found["first"]["with_nothing"], found["second"]["with_nothing"]) == (1, 0)
    assert found["aims"][0] == {"aim": "most_children", "rank": None, "first": 2, "second": 3}


def test_the_same_twice_is_worth_the_same(weibao: Run, files: Files) -> None:
    assert "Both are worth the same." in weibao("allocate", "compare", *files, files[1]).stdout


def test_what_breaks_rules_is_not_compared(weibao: Run, files: Files, other: Path) -> None:
    change(other, opened=["a-chess", "a-football"])
    done = weibao("allocate", "compare", *files, other)
    assert done.exit_code == 1
    assert "“weibao allocate check” says which" in done.stderr
