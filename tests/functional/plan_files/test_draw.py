"""`weibao plan draw`: pictures from a plan's file alone, or with its problem."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from core.cli.console import wording
from core.planning.files import write_plan
from core.planning.plan import Plan
from tests.functional.plan_files.conftest import Run
from tests.unit.planning.builders import a_plan, a_session, at

PLAN = a_plan(a_session(at("09:00")), a_session(at("10:00"), "chen", "dai", index=1))


def texts(svg: Path) -> set[str]:
    return {"".join(found.itertext()).strip() for found in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314 - our own file


def test_a_solved_plan_is_drawn_from_its_file_alone(weibao: Run, problem_file: Path) -> None:
    weibao("plan", "solve", problem_file, "-o", "plan.json", "--seconds", 5, "--workers", 2)
    assert weibao("plan", "draw", "plan.json", "-o", "plan.svg").exit_code == 0
    assert {"hall · centre", "2027-01-25 Mon", "sst", "Cost", "No plan costs less"} <= texts(Path("plan.svg"))
    assert weibao("plan", "draw", "plan.json", "-o", "plan.png").exit_code == 0
    assert Path("plan.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_another_planners_plan_is_drawn_with_its_problem_and_without_costs(weibao: Run, problem_file: Path) -> None:
    write_plan(Path("plan.json"), PLAN)
    alone = weibao("plan", "draw", "plan.json", "-o", "plan.svg")
    assert (alone.exit_code, Path("plan.svg").exists()) == (1, False)
    assert "add --problem" in alone.stderr
    assert weibao("plan", "draw", "plan.json", "-o", "plan.svg", "--problem", problem_file).exit_code == 0
    assert "hall · centre" in texts(Path("plan.svg"))
    assert "Cost" not in texts(Path("plan.svg"))


def test_an_svg_has_its_words_in_chinese(weibao: Run, problem_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_plan(Path("plan.json"), PLAN)
    monkeypatch.setenv("WEIBAO_LANG", "")
    wording.cache_clear()
    weibao("plan", "draw", "plan.json", "-o", "plan.svg", "--problem", problem_file)
    assert "2027-01-25 周一" in texts(Path("plan.svg"))


def test_a_plan_of_nothing_is_drawn(weibao: Run, problem_file: Path) -> None:
    write_plan(Path("plan.json"), Plan("tiny"))
    assert weibao("plan", "draw", "plan.json", "-o", "plan.png", "--problem", problem_file).exit_code == 0


def test_the_same_plan_gives_the_same_picture(weibao: Run, problem_file: Path) -> None:
    write_plan(Path("plan.json"), PLAN)
    for name in ("a.svg", "b.svg"):
        weibao("plan", "draw", "plan.json", "-o", name, "--problem", problem_file)
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


def test_without_the_library_it_says_how_to_get_it(
    weibao: Run, problem_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plan(Path("plan.json"), PLAN)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "core.cli.plan_files.chart", raising=False)
    done = weibao("plan", "draw", "plan.json", "-o", "plan.png", "--problem", problem_file)
    assert done.exit_code == 1
    assert "pip install 'weibao[draw]'" in done.stderr


def test_other_kinds_of_picture_are_refused(weibao: Run, problem_file: Path) -> None:
    write_plan(Path("plan.json"), PLAN)
    assert weibao("plan", "draw", "plan.json", "-o", "plan.pdf", "--problem", problem_file).exit_code == 2
