"""What mutation testing concludes from a sample: nothing that the whole might contradict."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1]
MODULE = "core/services/grants.py"


@pytest.fixture
def mutation(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the program as a module; it finds its neighbours beside it."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("mutation")


def noted(folder: Path, module: str, codes: list[int | None]) -> None:
    """Leave the note that mutmut leaves of a module."""
    note = folder / f"{module}.meta"
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(
        json.dumps({"exit_code_by_key": {f"m{number}": code for number, code in enumerate(codes)}}), "utf-8"
    )


@pytest.mark.parametrize(
    ("survived", "tried", "changes", "doubt"),
    [
        (0, 20, 400, True),
        (0, 60, 400, False),
        (1, 60, 400, False),
        (4, 60, 400, True),
        (9, 60, 400, True),
        (15, 60, 400, False),
        (40, 400, 400, False),
        (41, 400, 400, False),
        (0, 0, 20, True),
    ],
)
def test_a_sample_decides_where_it_leaves_no_doubt(
    mutation: ModuleType, survived: int, tried: int, changes: int, *, doubt: bool
) -> None:
    one = mutation.Tally(MODULE, tried - survived, 0, survived, changes - tried)
    assert mutation.in_doubt(one) is doubt


def test_at_the_limit_a_sample_seldom_passes_what_falls_short(mutation: ModuleType) -> None:
    # One survivor too many: the probability of all samples that would be believed is that of the mistake.
    wrong = sum(
        mutation._chance(one, 41, one.survived)
        for survived in range(7)
        if not mutation.in_doubt(one := mutation.Tally(MODULE, 60 - survived, 0, survived, 340))
    )
    assert 0 < wrong <= 0.05


def test_of_a_module_in_doubt_the_rest_is_tried(mutation: ModuleType, tmp_path: Path) -> None:
    noted(tmp_path, MODULE, [1, 1, 0, None, None])
    noted(tmp_path, "core/domain/ids.py", [1, 1, 0, None, None])
    noted(tmp_path, "core/services/files.py", [1] * 60 + [None] * 40)
    assert mutation.doubtful(tmp_path) == []
    noted(tmp_path, MODULE, [1] * 4 + [0] + [None] * 10)
    assert mutation.doubtful(tmp_path) == [f"m{number}" for number in range(5, 15)]


def test_what_is_tried_is_counted(mutation: ModuleType, tmp_path: Path) -> None:
    noted(tmp_path, MODULE, [1, 3, 0, 33, 36, -24, None, None, None])
    (one,) = mutation.tallies(tmp_path)
    assert (one.noticed, one.late, one.survived, one.untried, one.tried) == (2, 2, 2, 3, 6)
    assert mutation.line(one) == f"| {MODULE} | 6 of 9 | 2 | 2 | 2 | 66.7% |"


def test_the_same_code_draws_the_same_sample_and_another_module_another(mutation: ModuleType, tmp_path: Path) -> None:
    for module in (MODULE, "core/domain/ids.py"):
        noted(tmp_path, module, [None] * 100)
    chosen = mutation.drawn(tmp_path, 30)
    assert chosen == mutation.drawn(tmp_path, 30)
    assert (len(chosen), len(set(chosen[:30])), len(set(chosen[30:]))) == (60, 30, 30)
    assert chosen[:30] != chosen[30:]


def test_modules_weigh_by_their_changes_and_not_by_what_was_tried(mutation: ModuleType) -> None:
    large, small = mutation.Tally("a", 30, 0, 30, 240), mutation.Tally("b", 60, 0, 0, 0)
    assert mutation.together("both", [large, small]).share == pytest.approx((300 * 0.5 + 60) / 360)


def test_a_guarded_module_falls_short_by_itself(mutation: ModuleType) -> None:
    found = [mutation.Tally(MODULE, 89, 0, 11), mutation.Tally("core/domain/ids.py", 1, 0, 9)]
    wrong = [said for said in mutation.shortcomings(found) if "nothing was changed" not in said]
    assert wrong == [f"{MODULE}: 89.0% noticed, at least 90% are asked for"]
