"""The file by which staff bring in a new year's arrangement."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.calendar.arranged_year import NamedDay
from core.domain.calendar.arranged_year_file import read_arranged_year
from core.domain.errors import InvalidInputError

LINES = {
    "year": "年份,2027",
    "source": "来源,关于2027年部分节假日安排的通知",
    "published_on": "发布日期,2026-11-04",
    "off": "放假,2027-01-01,2027-01-03,元旦",
    "work": "上班,2027-01-10",
}


def a_file(**changes: str) -> str:
    return "\n".join({**LINES, **changes}.values())


def test_the_chinese_file_gives_the_arrangement() -> None:
    arranged = read_arranged_year(a_file())
    assert (arranged.year, arranged.published_on) == (2027, date(2026, 11, 4))
    assert arranged.source == "关于2027年部分节假日安排的通知"
    assert arranged.days_off == tuple(NamedDay(date(2027, 1, number), "元旦") for number in (1, 2, 3))
    assert arranged.working_days == (date(2027, 1, 10),)


def test_english_words_and_the_json_form_say_the_same() -> None:
    english = "year,2027\nsource,notice\npublished_on,2026-11-04\noff,2027-01-01,2027-01-01,元旦\nwork,2027-01-10"
    content = {
        "year": 2027,
        "source": "notice",
        "published_on": "2026-11-04",
        "days_off": [["2027-01-01", "2027-01-01", "元旦"]],
        "working_days": ["2027-01-10"],
    }
    assert read_arranged_year(json.dumps(content)) == read_arranged_year(english)


def test_what_excel_makes_of_the_file_is_still_read() -> None:
    lines = ("年份,2027,,", "来源,通知,,", "发布日期,2026/11/4,,", ",,,", "放假,2027/1/1,2027年1月3日,元旦")
    text = "\ufeff" + "\r\n".join((*lines, "上班,2027/1/10,2027/1/9,", ""))
    arranged = read_arranged_year(text)
    assert [named.date.day for named in arranged.days_off] == [1, 2, 3]
    assert arranged.working_days == (date(2027, 1, 10), date(2027, 1, 9))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"off": "放假,2027-02-30,2027-02-30,元旦"}, "Line 4: '2027-02-30' is no date: write it like"),
        ({"off": "放假,2027-01-03,2027-01-01,元旦"}, "Line 4: The last day must follow"),
        ({"off": "放假,2027-01-01,2027-12-31,元旦"}, "Line 4: The last day must follow"),
        ({"off": "放假,2027-01-01,元旦"}, "Line 4: Give the first day off"),
        ({"work": "上班"}, "Line 5: Give the weekend day"),
        ({"work": "上班,2027-01-11"}, "Line 5: 2027-01-11 is no Saturday or Sunday"),
        ({"work": "上班,2027-01-02"}, "Line 5: 2027-01-02 is listed twice"),
        ({"work": "上班,2026-01-10"}, "Line 5: 2026-01-10 is not in 2027"),
        ({"year": "年份,next"}, "Line 1: The year must be a number"),
        ({"year": "年份,2027\n年份,2028"}, "Line 2: Give exactly one value"),
        ({"year": "年,2027"}, "Line 1: Begin the row with one of 年份"),
        ({"published_on": "发布日期,soon"}, "Line 3: 'soon' is no date"),
        ({"source": ""}, "The row '来源' is missing"),
        ({"off": ""}, "no day off"),
    ],
)
def test_an_error_names_the_line_and_what_to_do(changes: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_arranged_year(a_file(**changes))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"year": 2027,\n "source" }', "Line 2: This is no JSON"),
        (
            '{"days_off": [["2027-01-01", "2027-01-01", "元旦"], ["2027-01-01"]]}',
            "Entry 2 of days_off: Give the first day",
        ),
        ('{"year": null}', "Entry 1 of year: Give exactly one value"),
        ('{"holidays": 1}', "Entry 1 of holidays: Begin the row"),
    ],
)
def test_an_error_in_json_names_the_entry(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_arranged_year(text)
    assert message in str(refused.value)


@given(st.text(alphabet=st.sampled_from('年份放假上班,"\n\r\x0020271-/{}[]:e来源'), max_size=80))
def test_rubbish_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_arranged_year(text)
