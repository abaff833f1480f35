"""`weibao plan what-if` and `weibao plan compare`: a changed copy, its plan, and what that gives and takes."""

import json
from pathlib import Path

from core.planning.files import read_problem, write_plan
from tests.functional.plan_files.conftest import Run
from tests.unit.planning.builders import a_plan, a_session, at

NINE, TEN = at("09:00"), at("10:00")


def two_plans() -> None:
    write_plan(Path("a.json"), a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1)))
    write_plan(Path("b.json"), a_plan(a_session(NINE, "an", "chen", room="studio")))


def test_sessions_that_differ_are_told_and_terms_stand_beside_each_other(weibao: Run, problem_file: Path) -> None:
    two_plans()
    done = weibao("plan", "compare", problem_file, "a.json", "b.json")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "reading, session 1: hall becomes studio, without bo, with chen"
    assert lines[1] == "reading, session 2: held in A alone"
    assert lines[2].startswith("0 sessions at another time, 1 in another room, 1 with other staff; 1 held in A alone")
    assert lines[-1].split() == ["In", "all", "8", "1,004", "+996"]
    assert "Price" not in done.stdout


def test_as_json_for_programs(weibao: Run, problem_file: Path) -> None:
    two_plans()
    body = json.loads(weibao("plan", "compare", problem_file, "a.json", "b.json", "--json").stdout)
    assert body["difference"] == 996
    assert [each["differences"] for each in body["sessions"]] == [["rehoused", "restaffed"], ["only_first"]]


def test_a_changed_copy_is_priced_by_itself(weibao: Run, problem_file: Path) -> None:
    two_plans()
    assert weibao("plan", "what-if", problem_file, "--weight", "trips=8", "-o", "dearer.json.gz").exit_code == 0
    args = ("plan", "compare", problem_file, "a.json", "a.json", "--other-problem", "dearer.json.gz")
    done = weibao(*args)
    assert "Price of each B" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("+28")


def test_a_plan_that_breaks_a_rule_of_its_problem_is_named(weibao: Run, problem_file: Path) -> None:
    two_plans()
    weibao("plan", "what-if", problem_file, "--without-room", "studio", "-o", "smaller.json")
    done = weibao("plan", "compare", problem_file, "a.json", "b.json", "--other-problem", "smaller.json")
    assert "Plan B breaks rules in 1 places." in done.stderr


def test_a_copy_takes_all_changes_at_once(weibao: Run, problem_file: Path) -> None:
    changes = ("--more-like", "an", "--without-person", "bo", "--away", "chen=2027-01-25..2027-01-26")
    changes += ("--without-room", "shed", "--size", "reading=15", "--min-adults", "reading=3")
    assert weibao("plan", "what-if", problem_file, *changes, "-o", "copy.json").exit_code == 0
    copy = read_problem(Path("copy.json"))
    assert [person.id for person in copy.people if person.is_available(NINE, TEN)] == ["an", "dai", "an+2"]
    assert not copy.room_of["shed"].is_open(NINE, TEN)
    assert (copy.activities[0].size, copy.activities[0].min_adults) == (15, 3)


def test_a_change_that_cant_be_read_or_made_writes_nothing(weibao: Run, problem_file: Path) -> None:
    assert weibao("plan", "what-if", problem_file, "--weight", "trips", "-o", "copy.json").exit_code == 2
    assert weibao("plan", "what-if", problem_file, "--away", "an=soon", "-o", "copy.json").exit_code == 2
    assert weibao("plan", "what-if", problem_file, "--without-room", "attic", "-o", "copy.json").exit_code == 1
    assert not Path("copy.json").exists()
