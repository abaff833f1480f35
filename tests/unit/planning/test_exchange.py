"""Problems and plans keep what the exchange format says, and refuse what it doesn't allow."""

import copy
import gzip
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.exchange.node import MalformedFileError
from core.planning.errors import MalformedProblemError
from core.planning.files import read_plan, read_problem, write_plan, write_problem
from core.planning.plan import Plan
from core.planning.problem import Problem

CASES = Path(__file__).parents[2] / "planner_cases"
PROBLEMS = sorted(CASES.glob("**/*.problem.json.gz"))
PLANS = sorted(CASES.glob("*.planted.json.gz"))


def load(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def without_open_ends(problem: dict[str, Any]) -> dict[str, Any]:
    """Drop the members of pins that are null: they say the same as none."""
    pins = [{key: value for key, value in pin.items() if value is not None} for pin in problem["pins"]]
    return {**problem, "pins": pins}


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.name)
def test_a_problem_is_written_as_it_was_read(path: Path) -> None:
    body = load(path)
    assert Problem.from_json(body).to_json() == without_open_ends(body)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name)
def test_a_plan_is_written_as_it_was_read(path: Path) -> None:
    body = load(path)
    assert Plan.from_json(body).to_json() == body


def test_keys_of_a_plan_that_are_the_planners_own_are_ignored() -> None:
    body = {"format": "weibao.plan/1", "problem": "p", "sessions": [], "status": "optimal", "seconds": 3}
    assert Plan.from_json(body) == Plan("p")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda body: body.pop("rooms"), "$"),
        (lambda body: body.update(format="weibao.planning/2"), "$.format"),
        (lambda body: body["rooms"][1].update(id="room-0"), "$.rooms[1].id"),
        (lambda body: body["rooms"][0].update(zone="cellar"), "$.rooms[0].zone"),
        (lambda body: body["rooms"][0].update(capacity="20"), "$.rooms[0].capacity"),
        (lambda body: body["rooms"][0]["open"][2].reverse(), "$.rooms[0].open[2]"),
        (lambda body: body["rooms"][0]["open"][2].pop(), "$.rooms[0].open[2]"),
        (lambda body: body["people"][3].update(adult=1), "$.people[3].adult"),
        (lambda body: body["activities"][2]["starts"].append("2027-01-25"), "$.activities[2].starts[53]"),
        (lambda body: body["activities"][2]["starts"].append("2027-02-30T09:00"), "$.activities[2].starts[53]"),
        (lambda body: body["activities"][2]["groups"].append("nobody"), "$.activities[2].groups[1]"),
        (lambda body: body["activities"][2].update(duration=0), "$.activities[2].duration"),
        (lambda body: body["activities"][2]["roles"][1].update(wanted=0), "$.activities[2].roles[1].wanted"),
        (lambda body: body["activities"][2]["roles"][1].update(role="lead"), "$.activities[2].roles[1].role"),
        (lambda body: body["relations"][5].update(kind="near"), "$.relations[5].kind"),
        (lambda body: body["relations"][5].update(a=["activity-0", 99]), "$.relations[5].a"),
        (lambda body: body["pins"][0].update(activity="none"), "$.pins[0]"),
        (lambda body: body["pins"][0].update(room="none"), "$.pins[0].room[0]"),
        (lambda body: body["pins"][0].update(staff={"lead": ["none"]}), "$.pins[0].staff.lead[0]"),
        (lambda body: body.update(frozen_before="2027-02-01T00:00"), "$.frozen_before"),
        (lambda body: body["weights"].update(load=-1), "$.weights.load"),
        (lambda body: body["weights"].update(load=1.5), "$.weights.load"),
    ],
)
def test_a_malformed_problem_is_refused_with_the_place(change: Any, path: str) -> None:
    body = copy.deepcopy(load(CASES / "winter-1.problem.json.gz"))
    change(body)
    with pytest.raises(MalformedProblemError) as caught:
        Problem.from_json(body)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_files_hold_what_was_written_and_leave_nothing_beside(tmp_path: Path, suffix: str) -> None:
    problem = read_problem(CASES / "winter-1.problem.json.gz")
    plan = read_plan(CASES / "winter-1.planted.json.gz")
    write_problem(tmp_path / f"problem{suffix}", problem)
    write_plan(tmp_path / f"plan{suffix}", plan)
    assert read_problem(tmp_path / f"problem{suffix}").to_json() == problem.to_json()
    assert read_plan(tmp_path / f"plan{suffix}") == plan
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"plan{suffix}", f"problem{suffix}"]


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("once upon a time")
    (tmp_path / "plan.json.gz").write_text("once upon a time")
    for name in ("plan.json", "plan.json.gz"):
        with pytest.raises(MalformedFileError):
            read_plan(tmp_path / name)


def test_a_plan_from_another_process_is_found_by_its_like() -> None:
    telling = (
        "import pickle, sys; from core.planning.plan import Plan; plan = Plan('small'); hash(plan);"
        "sys.stdout.buffer.write(pickle.dumps(plan))"
    )
    sent = subprocess.run([sys.executable, "-c", telling], stdout=subprocess.PIPE, check=True).stdout
    assert hash(pickle.loads(sent)) == hash(Plan("small"))  # noqa: S301 - it is our own
