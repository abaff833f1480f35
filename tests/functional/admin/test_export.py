"""Files that the back office hands out: complete, typed, and never a formula or a person."""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest

from core.db.models import Room, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser
from tests.functional.county import County

FORMULA = '=HYPERLINK("https://evil.example","x")'


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
