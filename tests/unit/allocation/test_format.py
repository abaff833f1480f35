"""The exchange format: what is written is read again, what is wrong is named, and the document's example is true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.allocation.errors import MalformedAllocationError
from core.allocation.format import allocation_from_json, allocation_to_json, problem_from_json, problem_to_json
from core.allocation.problem import Aim

DOCUMENT = Path(__file__).parents[3] / "core/docs/allocation-format.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def example() -> dict[str, Any]:
    """Return the document's problem, to be spoilt."""
    found: dict[str, Any] = json.loads(EXAMPLES[0])
    return found


def test_the_documents_problem_is_read() -> None:
    problem = problem_from_json(example())
    assert [child.id for child in problem.children] == ["c-1", "c-2", "c-3"]
    assert problem.children[1].age_on(problem.activities[0].times[1][0].date()) == 6
    assert problem.settings.aims == (Aim.MOST_CHILDREN, Aim.FAIR, Aim.WISHES, Aim.EARLIER_LOSERS)
    assert problem_to_json(problem_from_json(problem_to_json(problem))) == problem_to_json(problem)


def test_the_documents_allocation_is_written_as_it_was_read() -> None:
    assert allocation_to_json(allocation_from_json(json.loads(EXAMPLES[1]))) == json.loads(EXAMPLES[1])


SPOILT = [
    ("$.format", lambda all_: all_.update(format="weibao.planning/1")),
    ("$.term", lambda all_: all_.update(term="")),
    ("$", lambda all_: all_.pop("settings")),
    ("$", lambda all_: all_.update(kids=[])),
    ("$.seed", lambda all_: all_.update(seed="a b")),
    ("$.settings.aims[0]", lambda all_: all_["settings"].update(aims=["most"])),
    ("$.settings.aims[1]", lambda all_: all_["settings"].update(aims=["fair", "fair"])),
    ("$.settings.aims", lambda all_: all_["settings"].update(aims=["lottery"])),
    ("$.settings.aims", lambda all_: all_["settings"].update(aims=["together"])),
    ("$.settings.held_back_percent", lambda all_: all_["settings"].update(held_back_percent=101)),
    ("$.children[0]", lambda all_: all_["children"][0].update(name="An")),
    ("$.children[0].age", lambda all_: all_["children"][0].update(age=True)),
    ("$.children[1].id", lambda all_: all_["children"][1].update(id="c-1")),
    ("$.children[1].older_from", lambda all_: all_["children"][1].update(older_from="20 July")),
    ("$.children[2].wishes", lambda all_: all_["children"][2].update(wishes=["a-9"])),
    ("$.children[2].wishes[1]", lambda all_: all_["children"][2].update(wishes=["a-chess", "a-chess"])),
    ("$.children[2].wishes", lambda all_: all_["children"][2].update(wishes=[f"a-{n}" for n in range(51)])),
    ("$.activities[0].capacity", lambda all_: all_["activities"][0].update(capacity=-1)),
    ("$.activities[0].minimum", lambda all_: all_["activities"][0].update(minimum=0)),
    ("$.activities[0].held_back", lambda all_: all_["activities"][0].update(held_back=3)),
    ("$.activities[0].ages", lambda all_: all_["activities"][0].update(ages=[9, 6])),
    ("$.activities[0].times[0]", lambda all_: all_["activities"][0]["times"][0].reverse()),
    ("$.activities[0].times[0][1]", lambda all_: all_["activities"][0]["times"][0].__setitem__(1, "2027-07-05")),
    ("$.activities[0].times[0][1]", lambda all_: all_["activities"][0]["times"][0].__setitem__(1, "2027-07-05T10:30Z")),
    ("$.activities[0].times[0][1]", lambda all_: all_["activities"][0]["times"][0].__setitem__(1, "2027-W27-1T10:30")),
    ("$.activities[0].times[0][1]", lambda all_: all_["activities"][0]["times"][0].__setitem__(1, "2027-07-32T10:30")),
    ("$.children[1].older_from", lambda all_: all_["children"][1].update(older_from="20270720")),
    ("$.children[1].older_from", lambda all_: all_["children"][1].update(older_from="2027-02-30")),
    ("$.together[0].children", lambda all_: all_["together"][0].update(children=["c-9"])),
    ("$.shared[0].activities", lambda all_: all_.update(shared=[{"id": "s", "activities": ["a-9"], "most": 1}])),
    ("$.pins[0]", lambda all_: all_.update(pins=[{"child": "c-9", "activity": "a-chess"}])),
    ("$.pins[1]", lambda all_: all_.update(pins=[{"child": "c-1", "activity": "a-chess"}] * 2)),
    ("$.ways[0]", lambda all_: all_.update(ways=[["hall", "pool"]])),
    ("$.ways[1]", lambda all_: all_.update(ways=[["hall", "park", 5], ["hall", "beach", 5]])),
    ("$.ways[0]", lambda all_: all_.update(ways=[["hall", "hall", 5]])),
    ("$.ways[2]", lambda all_: all_.update(ways=[["hall", "park", 5], ["park", "hall", 5], ["hall", "park", 5]])),
    ("$.ways[0][0]", lambda all_: all_.update(ways=[["", "park", 5]])),
    ("$.ways[0][2]", lambda all_: all_.update(ways=[["hall", "park", -1]])),
    ("$.ways[0][2]", lambda all_: all_.update(ways=[["hall", "park", 24 * 60 + 1]])),
    ("$.ways[0][2]", lambda all_: all_.update(ways=[["hall", "park", 2.5]])),
]


@pytest.mark.parametrize(("path", "spoil"), SPOILT)
def test_what_is_wrong_is_named_by_its_path(path: str, spoil: Any) -> None:
    problem = example()
    spoil(problem)
    with pytest.raises(MalformedAllocationError) as refused:
        problem_from_json(problem)
    assert refused.value.path == path


def test_an_allocation_of_unknown_words_is_refused() -> None:
    for path, change in {"$.status": {"status": "good"}, "$.seconds": {"seconds": -1}, "$": {"difficulty": []}}.items():
        with pytest.raises(MalformedAllocationError) as refused:
            allocation_from_json({**json.loads(EXAMPLES[1]), **change})
        assert refused.value.path == path


def test_an_allocation_has_no_place_for_who_places_are_held_back_for() -> None:
    written = allocation_to_json(allocation_from_json(json.loads(EXAMPLES[1])))
    assert "held_back" not in json.dumps(written)
    with pytest.raises(MalformedAllocationError):
        allocation_from_json({**written, "held_back": ["c-1"]})
