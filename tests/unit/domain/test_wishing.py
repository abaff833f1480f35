"""Numbers, codes, circles of friends, and the draw that makes the seed."""

from datetime import date, datetime
from random import SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidInputError
from core.domain.wishing import (
    Draw,
    circles,
    first_draw_day,
    is_code,
    list_lines,
    new_code,
    new_number,
    tidy_code,
)

SUNDAY = date(2027, 6, 27)
REDS = (33, 2, 6, 9, 17, 18)


def test_a_code_is_read_however_it_was_typed() -> None:
    code = new_code(SystemRandom())
    assert is_code(tidy_code(f" {code[:3].lower()}-{code[3:]} "))
    assert not is_code(tidy_code("O0I1L1"))
    assert not is_code(code[:5])


def test_numbers_tell_apart() -> None:
    random = SystemRandom()
    assert len({new_number(random) for _ in range(1000)}) == 1000


def test_only_who_names_each_other_is_together_and_a_chain_is_one_circle() -> None:
    friends = {"A": ["B"], "B": ["A", "C"], "C": ["B"], "D": ["A"], "E": ["X"], "F": ["F"]}
    assert circles(friends) == (("A", "B", "C"),)


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.lists(st.sampled_from("ABCDEFGHX"), max_size=3)))
def test_circles_never_share_anybody_and_hold_no_stranger(friends: dict[str, list[str]]) -> None:
    found = circles(friends)
    members = [one for circle in found for one in circle]
    assert len(members) == len(set(members))
    assert all(
        any(one in friends.get(other, ()) and other in friends[one] for other in friends[one]) for one in members
    )


def test_the_seed_is_the_issue_and_the_numbers_by_size() -> None:
    assert Draw("2027072", SUNDAY, REDS, 11).seed == "202707202060917183311"


@pytest.mark.parametrize(
    ("issue", "day", "reds", "blue"),
    [
        ("2026072", SUNDAY, REDS, 11),
        ("207072", SUNDAY, REDS, 11),
        ("2027072", date(2027, 6, 28), REDS, 11),
        ("2027072", SUNDAY, (1, 1, 2, 3, 4, 5), 11),
        ("2027072", SUNDAY, (1, 2, 3, 4, 5), 11),
        ("2027072", SUNDAY, (1, 2, 3, 4, 5, 34), 11),
        ("2027072", SUNDAY, (0, 2, 3, 4, 5, 6), 11),
        ("2027072", SUNDAY, REDS, 17),
        ("2027072", SUNDAY, REDS, 0),
    ],
)
def test_what_no_draw_can_be_is_refused(issue: str, day: date, reds: tuple[int, ...], blue: int) -> None:
    with pytest.raises(InvalidInputError):
        Draw(issue, day, reds, blue)


@pytest.mark.parametrize(
    ("until", "day"),
    [
        (datetime(2027, 6, 24, 18), SUNDAY),  # noqa: DTZ001 (a Thursday, on which there is a draw as well)
        (datetime(2027, 6, 26, 23, 59), SUNDAY),  # noqa: DTZ001
        (datetime(2027, 6, 27), date(2027, 6, 29)),  # noqa: DTZ001
    ],
)
def test_the_draw_that_counts_is_on_a_later_day_than_wishes(until: datetime, day: date) -> None:
    assert first_draw_day(until) == day


def test_lists_are_written_by_number_one_a_line() -> None:
    lists = [("W2", None, [], []), ("W1", 2, ["a", "b"], ["W2"])]
    assert list_lines(lists) == "W1 2 a,b W2\nW2 - - -\n"
