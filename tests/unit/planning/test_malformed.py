"""Whatever a file holds, reading it ends with a problem that can be planned or with the place of what is wrong."""

import copy
import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from core.exchange import files
from core.exchange.files import write_json
from core.exchange.node import MalformedFileError
from core.planning.check import audit
from core.planning.files import read_problem, write_problem
from core.planning.plan import Plan
from core.planning.problem import Group, Pin, Problem, Relation
from core.planning.resources import Travel
from core.planning.rules import DEFAULT_RULES
from plugins.character_ed.rules import TimeToPractise
from plugins.sst.rules import FamiliarFace
from tests.unit.planning.builders import TUESDAY, a_person, a_plan, a_problem, a_room, a_session, an_activity, at

NINE = at("09:00")
EVERYTHING = a_problem(
    an_activity(groups=("bees",), features=("piano",), rooms=("hall",), ordered=True),
    an_activity("visit", zones=(), place="centre", min_adults=0),
    rooms=(a_room(features=("piano",), turnover=10), a_room("shed", "far")),
    people=(a_person("an", household="li", skills=("first_aid",), likes={"reading": -2}), a_person("bo")),
    groups=(Group("bees", compact=True),),
    travel=Travel(20, (("centre", "far", 30),)),
    relations=(Relation("before", ("visit", 0), ("reading", 1), 15), Relation("apart", ("visit", 1), ("reading", 0))),
    pins=(Pin("reading", 1, at("09:00", TUESDAY), "hall", {"lead": ("an",)}),),
    incumbent=a_plan(a_session(NINE)),
    frozen_before=at("12:00"),
    compact_gap=30,
    weights={"unscheduled": 100, "trips": 2, "isolated": 1},
    extensions={"sst": {"familiar_face": ["reading"]}, "character_ed": {"practice_days": {"reading": 1}}},
)
RULES = (*DEFAULT_RULES, FamiliarFace(), TimeToPractise())
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1.5, math.nan, math.inf, 10**9, -(10**9), 10**30, 10**400, "", "nobody", "\ud800", "\0"),
    *([], {}, [[]], [None], {"": 1}, {"\udfff": 1}, ["hall", "hall"], ["reading", 7], ["reading", "0"]),
    *("2027-02-30T09:00", "0001-01-01T00:00", "9999-12-31T23:59", "2027-01-25T09:00+08:00", "٢٠٢٧-٠١-٢٥T٠٩:٠٠"),
)

Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Yield the way to everything in a JSON value but the whole."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from places(member, (*path, key))


BODY = EVERYTHING.to_json()
PLACES = tuple(places(BODY))


def changed(place: Place, how: str, odd: Any) -> dict[str, Any]:
    """Return the problem with something taken away, doubled, turned round or replaced at a place."""
    body = copy.deepcopy(BODY)
    holder: Any = body
    for key in place[:-1]:
        holder = holder[key]
    last = place[-1]
    if how == "delete":
        del holder[last]
    elif how == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    elif how == "reverse" and isinstance(holder[last], list):
        holder[last].reverse()
    else:
        holder[last] = odd
    return body


def test_the_problem_that_is_changed_has_something_everywhere() -> None:
    assert [key for key, value in BODY.items() if not value] == []
    assert Problem.from_json(BODY).to_json() == BODY


def refusal(path: Path) -> MalformedFileError | None:
    """Return how the file is refused; None if it is read, audited by every rule, and kept as it was read."""
    try:
        problem = read_problem(path)
        for plan in (Plan(problem.name), problem.incumbent or Plan(problem.name)):
            audit(problem, plan, RULES)
    except MalformedFileError as refused:
        return refused
    write_problem(path, problem)
    assert read_problem(path).to_json() == problem.to_json()
    return None


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PLACES), st.sampled_from(("delete", "double", "reverse", "set")), st.sampled_from(ODD))
def test_a_changed_problem_is_read_or_refused_with_the_place(tmp_path: Path, place: Place, how: str, odd: Any) -> None:
    (tmp_path / "problem.json").write_text(json.dumps(changed(place, how, odd)), encoding="utf-8")
    refused = refusal(tmp_path / "problem.json")
    event("refused" if refused else "read")
    assert refused is None or (refused.path.startswith("$") and str(refused).startswith(f"{refused.path}: "))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.binary(max_size=3), st.sampled_from((".json", ".json.gz")))
def test_damaged_bytes_are_refused_or_read(tmp_path: Path, at_byte: int, other: bytes, suffix: str) -> None:
    path = tmp_path / f"problem{suffix}"
    write_problem(path, EVERYTHING)
    content = path.read_bytes()
    at_byte %= len(content)
    # Without other bytes the file ends there, as if the disk had been full.
    path.write_bytes(content[:at_byte] + (other + content[at_byte + len(other) :] if other else b""))
    refused = refusal(path)
    assert refused is None or refused.path.startswith("$")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"once upon a time",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"weight": NaN}',
        b'{"weight": -Infinity}',
        b'{"n": ' + b"9" * 10_000 + b"}",
        "{“format”: 1}".encode(),
        json.dumps(BODY, ensure_ascii=False).replace("hall", "大厅").encode("gb18030"),
        json.dumps(BODY).encode("utf-16")[:-1],
        b"\0" * 50,
    ],
    ids=["empty", "words", "lists", "objects", "nan", "infinity", "digits", "quotes", "gb18030", "half", "zeros"],
)
def test_what_is_no_json_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    for path, stored in ((tmp_path / "p.json", content), (tmp_path / "p.json.gz", gzip.compress(content))):
        path.write_bytes(stored)
        with pytest.raises(MalformedFileError) as refused:
            read_problem(path)
        assert refused.value.path == "$"


def test_an_archive_that_bursts_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)
    path = tmp_path / "p.json.gz"
    path.write_bytes(gzip.compress(b" " * 2**22))
    assert path.stat().st_size < 10_000
    with pytest.raises(MalformedFileError, match="more than 1 MiB"):
        read_problem(path)


def test_a_problem_of_five_thousand_sessions_is_read_and_one_of_many_more_is_refused(tmp_path: Path) -> None:
    body = copy.deepcopy(BODY)
    large = [{**body["activities"][1], "id": f"visit-{number}", "sessions": 10} for number in range(500)]
    write_json(tmp_path / "large.json.gz", {**body, "activities": [*body["activities"], *large]})
    assert sum(activity.sessions for activity in read_problem(tmp_path / "large.json.gz").activities) == 5004
    large[7]["sessions"] = 30_000
    write_json(tmp_path / "larger.json.gz", {**body, "activities": [*body["activities"], *large]})
    with pytest.raises(MalformedFileError) as refused:
        read_problem(tmp_path / "larger.json.gz")
    assert refused.value.path == "$.activities[9].sessions"


def test_who_fails_to_write_leaves_the_old_file_and_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_json(path, {"cost": 1})
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json(path, {"cost": math.nan})
    with pytest.raises(TypeError):
        write_json(path, {"cost": object()})
    assert [(file.name, json.loads(file.read_bytes())) for file in tmp_path.iterdir()] == [("plan.json", {"cost": 1})]
