"""What a drawing of a plan shows: rows, weeks, hours, and marks against what was published."""

from dataclasses import replace

import pytest

from core.cli.plan_files.picture import Mark, Picture, picture_of
from core.planning.backdrop import Backdrop
from core.planning.errors import MalformedProblemError
from core.planning.moments import MINUTES_A_DAY, day_of
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.reading import Node
from tests.unit.planning.builders import TUESDAY, a_plan, a_problem, a_room, a_session, an_activity, at

NINE, TEN = at("09:00"), at("10:00")
PROBLEM = a_problem(an_activity(sessions=4), an_activity("visit", zones=(), sessions=3, program="school_link"))


def drawn(plan: Plan, problem: Problem = PROBLEM) -> Picture:
    return picture_of(plan, Backdrop.of(problem))


def test_a_session_is_a_block_in_the_row_of_its_room() -> None:
    picture = drawn(a_plan(a_session(NINE, room="studio")))
    assert picture.rows == ("hall · centre", "studio · centre", "shed · far")
    block = picture.blocks[0]
    assert (block.name, block.program, block.row, block.day) == ("reading 1", "sst", 1, day_of(NINE))
    assert (block.start, block.end, block.mark) == (540, 600, None)
    assert picture.programs == ("sst", "school_link")


def test_rooms_of_one_venue_are_told_without_it() -> None:
    assert drawn(a_plan(), replace(PROBLEM, rooms=(a_room(), a_room("studio")))).rows == ("hall", "studio")


def test_sessions_without_a_room_have_as_many_rows_as_there_are_at_once() -> None:
    visits = [a_session(start, activity="visit", index=k, room=None) for k, start in enumerate((NINE, NINE + 30, TEN))]
    picture = drawn(a_plan(*visits))
    assert picture.rows[3:] == ("", "")
    assert [block.row for block in picture.blocks] == [3, 4, 3]


def test_weeks_hold_the_days_on_which_anything_is_held_and_full_hours_go_around_everything() -> None:
    week = 7 * MINUTES_A_DAY
    picture = drawn(
        a_plan(a_session(at("09:15")), a_session(at("11:00", TUESDAY), index=1), a_session(NINE + week, index=2))
    )
    monday = day_of(NINE)
    assert picture.weeks == ((monday, monday + 1), (monday + 7,))
    assert picture.hours == (9 * 60, 12 * 60)


def test_against_a_published_plan_each_session_is_marked() -> None:
    published = [a_session(NINE)] + [
        a_session(at(clock, TUESDAY), index=k) for k, clock in ((1, "09:00"), (2, "10:00"))
    ]
    problem = replace(PROBLEM, incumbent=a_plan(*published), frozen_before=at("00:00", TUESDAY))
    moved, rehoused = replace(published[1], start=at("13:00", TUESDAY)), replace(published[2], room="studio")
    added = a_session(at("15:00", TUESDAY), index=3)
    marks = [block.mark for block in drawn(a_plan(published[0], moved, rehoused, added), problem).blocks]
    assert marks == [Mark.FROZEN, Mark.MOVED, Mark.REHOUSED, Mark.ADDED]
    assert [block.mark for block in drawn(a_plan(*published), problem).blocks[1:]] == [None, None]


def test_the_backdrop_is_read_as_it_was_written() -> None:
    problem = replace(PROBLEM, incumbent=a_plan(a_session(NINE)), frozen_before=TEN)
    backdrop = Backdrop.of(problem)
    assert Backdrop.read(Node(backdrop.to_json())) == backdrop
    assert backdrop.published == {("reading", 0): (NINE, "hall")}


def test_a_session_of_another_problem_is_named() -> None:
    with pytest.raises(MalformedProblemError) as refused:
        drawn(a_plan(a_session(NINE), a_session(TEN, activity="chess")))
    assert refused.value.path == "$.sessions[1]"
