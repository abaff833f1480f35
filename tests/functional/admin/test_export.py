"""Files that the back office hands out: complete, typed, and never a formula or a person."""

import csv
import io
from collections.abc import Callable
from datetime import date, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.export import as_csv, as_xlsx, neutral
from core.db.models import Room, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser
from tests.functional.county import County

FORMULA = '=HYPERLINK("https://evil.example","x")'
STARTERS = ["=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("starter", STARTERS)
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\ufeff  ", "　"])
def test_what_a_spreadsheet_would_execute_gets_an_apostrophe(starter: str, before: str) -> None:
    text = f"{before}{starter}1+1"
    assert neutral(text) == f"'{text}"


@given(st.text())
def test_no_text_is_lost_and_none_begins_a_formula(text: str) -> None:
    safe = neutral(text)
    assert safe in {text, f"'{text}"}
    assert safe.lstrip("\ufeff 　")[:1] not in STARTERS or safe.lstrip("\ufeff 　") == ""


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    rows = [[FORMULA, -5, 2.5, date(2026, 11, 28), time(9, 30), None, 'a,"b"\nc']]
    heading = [f"h{number}" for number in range(7)]
    content = as_csv(heading, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[1] == [f"'{FORMULA}", "-5", "2.5", "2026-11-28", "09:30", "", 'a,"b"\nc']
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(heading, rows))).active
    assert sheet is not None
    cells = [sheet.cell(2, place + 1) for place in range(7)]
    assert [cell.data_type for cell in cells[:3]] == ["s", "n", "n"]
    assert cells[0].value == FORMULA


def test_a_formula_in_a_name_leaves_as_text(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        room = session.get_one(Room, county.here.room)
        session.get_one(Venue, room.venue_id).name = FORMULA
    browser = sign_in(Role.STATION_STAFF)
    sent = browser.get("/admin/rooms/export/csv/")
    assert sent.headers["Content-Disposition"] == "attachment; filename=rooms.csv"
    rows = list(csv.reader(io.StringIO(sent.get_data().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["名称", "场地", "区域", "容纳人数", "设备"]
    assert {row[1] for row in rows[1:]} == {f"'{FORMULA}"}
    assert {row[3] for row in rows[1:]} == {"20", "4"}
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/admin/rooms/export/xlsx/").get_data()))
    assert {cell.data_type for row in book.worksheets[0].iter_rows(min_row=2, max_col=3) for cell in row} == {"s"}


@pytest.mark.parametrize(
    "section", ["volunteers", "volunteer_skills", "clearances", "availabilities", "blackouts", "volunteer_likes"]
)
def test_what_speaks_of_people_does_not_leave_as_a_file(section: str, sign_in: Callable[[Role], Browser]) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    assert "/export/" not in browser.get(f"/admin/{section}/").get_data(as_text=True)
    for kind in ("csv", "xlsx"):
        assert browser.get(f"/admin/{section}/export/{kind}/").status_code == 404


def test_there_are_two_kinds_of_file(sign_in: Callable[[Role], Browser]) -> None:
    assert sign_in(Role.ADMINISTRATOR).get("/admin/rooms/export/html/").status_code == 404
