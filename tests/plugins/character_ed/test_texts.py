"""What calendars say of the program's sessions, and by which word they sort them."""

from typing import Any

import pytest

from core.domain.vocabulary import ActivityLine, label
from core.hooks.types import SessionOutline
from plugins.character_ed.texts import describe


def said(kind: str, line: ActivityLine = ActivityLine.VIRTUES, **settings: Any) -> str:
    text = describe(SessionOutline(f"character_ed.{kind}", "公开课", 1, 3, settings, line))
    assert text is not None
    assert text.category == label(line)
    return str(text.description)


@pytest.mark.parametrize("line", list(ActivityLine))
def test_the_category_is_the_name_of_the_line(line: ActivityLine) -> None:
    assert said("service_day", line, task="读报") == "Today we help: 读报."


def test_an_open_class_says_for_whom_it_is_and_for_which_festival() -> None:
    ages: dict[str, Any] = {"age_from": 6, "age_to": 8}
    assert said("open_class", **ages, festival="none") == "Open class for children of 6 to 8."
    assert (
        said("open_class", **ages, festival="laba")
        == "Open class for children of 6 to 8: getting ready for Laba Festival."
    )
    assert said("open_class") == "Open class: 公开课."


def test_a_workshop_asks_for_the_practice_card() -> None:
    assert "bring the practice card" in said("virtue_workshop", virtue="诚信", practice_card=True)
    assert "card" not in said("virtue_workshop", virtue="诚信")


def test_nothing_is_said_of_other_programs() -> None:
    assert describe(SessionOutline("sst.circle", "圈", 0, 1, {})) is None
