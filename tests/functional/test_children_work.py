"""The daily work with files on their pages: their parts, what is protected, turns, lists that come in and go out."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from core.db.models import AuditEntry, Child, ChildCategoryMark, Guardian, PickUpPerson, Visit
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.id_numbers import demo_id_number
from core.domain.vocabulary import ChildCategory, Relation, SensitiveField
from core.services.grants import Wish, approve, ask
from core.services.stations import scope_of_station
from core.services.workbook.children_alone import SHEETS_ALONE
from core.services.workbook.content import ChildRow, GuardianRow, WorkbookContent
from core.services.workbook.write import write_workbook
from tests.files import a_pdf
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County, MovingClock
from tests.functional.test_children_pages import a_form, make
from tests.integration.builders import unlocked

BORN = date(2016, 3, 4)
#: What stands in the file that `a_form` makes and shows to nobody without leave.
CANARIES = ("例路9号", "13900000001", demo_id_number(BORN, 11, region="110101"))


@pytest.fixture
def staff(sign_in: Callable[[Role], Browser]) -> Browser:
    """Return a browser in which somebody of the station's staff has signed in."""
    return sign_in(Role.STATION_STAFF)


def grant(database: Database, county: County, clock: MovingClock, *fields: SensitiveField) -> None:
    """Give the station's staff leave to read these fields of all children of the station."""
    here = county.here
    person = Actor(Role.STATION_STAFF, here.station, here.users[Role.STATION_STAFF])
    head = Actor(Role.HEAD, here.station, here.users[Role.HEAD])
    with database.writing(EVERYTHING) as session:
        scope = scope_of_station(session, here.station)
    with database.writing(scope) as session:
        wish = Wish(
            purpose="走访",
            fields=frozenset(fields),
            children=None,
            starts_at=clock.now(),
            ends_at=clock.now() + timedelta(days=1),
        )
        approve(session, head, clock, ask(session, person, clock, wish).id)


@contextmanager
def looked_into(database: Database, number: str) -> Iterator[Child]:
    """Open a file with all its fields."""
    with database.reading(EVERYTHING) as session, unlocked(session):
        yield session.scalars(select(Child).where(Child.number == number)).one()


def reads(database: Database) -> list[dict[str, object]]:
    with database.reading(EVERYTHING) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.read"))
        return [dict(entry.detail) for entry in entries]


def count(database: Database, model: type, child: str) -> int:
    with database.reading(EVERYTHING) as session:
        child_id = select(Child.id).where(Child.number == child).scalar_subquery()
        return session.scalar(select(func.count()).select_from(model).where(model.child_id == child_id)) or 0


def a_list(*children: ChildRow, guardians: tuple[GuardianRow, ...] = ()) -> dict[str, object]:
    content = WorkbookContent(children=children, guardians=guardians)
    return {"file": (io.BytesIO(write_workbook(content, {}, SHEETS_ALONE)), "children.xlsx")}


def a_row(number: str = "C200", **values: object) -> ChildRow:
    given = {
        "station": "青石未保站",
        "name": "例童乙",
        "id_number": demo_id_number(BORN, 13, region="110101"),
        **values,
    }
    return ChildRow(number=number, **given)


def test_nothing_protected_is_on_a_page_without_leave(staff: Browser, database: Database, county: County) -> None:
    address = make(staff, county)
    pages = [staff.get(path).get_data(as_text=True) for path in (address, f"{address}/edit", "/children/")]
    pages.append(staff.send(f"{address}/show", {}, seen_on=address).get_data(as_text=True))
    assert all("C100" in page for page in pages)
    assert not any(canary in page for page in pages for canary in CANARIES)
    assert reads(database) == []


def test_what_leave_covers_is_shown_and_the_reading_noted(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    address = make(staff, county)
    grant(database, county, clock, SensitiveField.ADDRESS, SensitiveField.CONTACTS)
    assert "例路9号" not in staff.get(address).get_data(as_text=True)
    asked = {"field": ["address", "contacts"]}
    page = staff.send(f"{address}/show", asked, seen_on=address).get_data(as_text=True)
    assert "例路9号" in page
    assert "13900000001" in page
    assert CANARIES[2] not in page
    assert [read["fields"] for read in reads(database)] == [["address", "contacts"]]


def test_what_was_opened_for_a_change_can_be_emptied_and_the_rest_is_kept(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    address = make(staff, county)
    grant(database, county, clock, SensitiveField.ADDRESS)
    opened = staff.send(f"{address}/edit", {"open": "1"}, seen_on=address).get_data(as_text=True)
    shown = fields_of(opened)
    assert shown["address"] == ["例路9号"]
    assert staff.send(f"{address}/edit", {**shown, "address": ""}).status_code == 302
    with looked_into(database, "C100") as child:
        assert (child.address, child.id_number) == (None, CANARIES[2])


def test_guardians_are_added_changed_and_taken_out(staff: Browser, database: Database, county: County) -> None:
    address = make(staff, county)
    entry = {"name": "样亲乙", "relation": "father", "phones": "13900000002"}
    assert staff.send(f"{address}/guardians/new", {**entry, "phones": "12"}).status_code == 422
    assert staff.send(f"{address}/guardians/new", entry).status_code == 302
    with looked_into(database, "C100") as child:
        second = next(one for one in child.guardians if one.name == "样亲乙").id
    changed = {"name": "", "relation": "relative", "phones": "13900000003、13900000004"}
    assert staff.send(f"/children/guardians/{second}", changed).status_code == 302
    with looked_into(database, "C100") as child:
        row = next(one for one in child.guardians if one.id == second)
        assert (row.name, row.relation) == ("样亲乙", Relation.RELATIVE)
        assert (row.phone, row.more_phones) == ("13900000003", "13900000004")
    assert "单小禾" in staff.send("/children/", {"looked_for": "13900000004"}).get_data(as_text=True)
    staff.send(f"/children/guardians/{second}/remove", {}, seen_on=address)
    assert count(database, Guardian, "C100") == 1
    assert "单小禾" not in staff.send("/children/", {"looked_for": "13900000004"}).get_data(as_text=True)


def test_who_may_not_pick_the_child_up_is_noted(staff: Browser, database: Database, county: County) -> None:
    address = make(staff, county)
    entry = {"allowed": "no", "name": "样叔", "relation": "叔叔", "phone": "", "note": "法院裁定"}
    assert staff.send(f"{address}/pick-ups/new", entry).status_code == 302
    with looked_into(database, "C100") as child:
        [person] = child.pick_ups
        assert (person.allowed, person.name, person.note) == (False, "样叔", "法院裁定")
    staff.send(f"/children/pick-ups/{person.id}/remove", {}, seen_on=address)
    assert count(database, PickUpPerson, "C100") == 0


def test_a_category_has_its_days_and_its_evidence(staff: Browser, database: Database, county: County) -> None:
    address = make(staff, county)
    entry = {
        "category": "left_behind",
        "from_day": "2026-09-01",
        "evidence": "statement",
        "evidence_day": "2026-09-02",
        "evidence_note": "2026年第3号",
    }
    assert staff.send(f"{address}/categories/new", entry).status_code == 302
    assert staff.send(f"{address}/categories/new", entry).status_code == 422
    with looked_into(database, "C100") as child:
        [mark] = child.categories
        assert (mark.category, mark.from_day, mark.evidence) == (
            ChildCategory.LEFT_BEHIND,
            date(2026, 9, 1),
            "statement",
        )
    staff.send(f"/children/categories/{mark.id}/end", {}, seen_on=address)
    with database.reading(EVERYTHING) as session:
        assert session.get_one(ChildCategoryMark, mark.id).until_day == date(2026, 11, 26)


def test_the_scan_of_the_evidence_opens_to_those_with_leave_alone(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    address = make(staff, county)
    entry = {"category": "disabled", "from_day": "2026-09-01", "evidence": "certificate"}
    bad = {**entry, "file": (io.BytesIO(b"MZ"), "x.pdf")}
    assert staff.send(f"{address}/categories/new", bad).status_code == 422
    good = {**entry, "file": (io.BytesIO(a_pdf()), "残疾证.pdf")}
    assert staff.send(f"{address}/categories/new", good).status_code == 302
    with looked_into(database, "C100") as child:
        [mark] = child.categories
    path = f"/children/categories/{mark.id}/evidence"
    assert staff.send(path, {}, seen_on=address).status_code == 403
    grant(database, county, clock, SensitiveField.EVIDENCE)
    answer = staff.send(path, {}, seen_on=address)
    assert (answer.status_code, answer.mimetype, answer.get_data()) == (200, "application/pdf", a_pdf())
    assert [read["fields"] for read in reads(database)] == [["evidence"]]


def test_a_grid_worker_notes_a_visit_of_a_child_that_is_due(
    staff: Browser, sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    address = make(staff, county)
    staff.send(f"{address}/categories/new", {"category": "unattended", "from_day": "2026-11-01", "evidence": ""})
    worker = sign_in(Role.GRID_WORKER)
    entry = {
        "kind": "visit",
        "visited_on": "2026-11-26",
        "visitor": "样员",
        "checked": "一切正常",
        "next_due": "2026-11-29",
    }
    assert worker.send(f"{address}/visits/new", entry).status_code == 302
    assert count(database, Visit, "C100") == 1
    due = worker.get("/children/due").get_data(as_text=True)
    assert "单小禾" in due
    assert "事实无人抚养" not in due


def test_intervals_are_set_by_the_head(sign_in: Callable[[Role], Browser], county: County) -> None:
    head = sign_in(Role.HEAD)
    shown = fields_of(head.get("/children/intervals").get_data(as_text=True))
    assert shown["orphan"] == ["3"]
    assert head.send("/children/intervals", {**shown, "orphan": "0"}).status_code == 422
    assert head.send("/children/intervals", {**shown, "orphan": "2"}).status_code == 302
    assert fields_of(head.get("/children/intervals").get_data(as_text=True))["orphan"] == ["2"]


def test_a_file_moves_to_another_station_by_its_short_name(staff: Browser, database: Database, county: County) -> None:
    address = make(staff, county)
    form = {"station": "", "elsewhere": "yuanqiao", "day": "2026-11-26", "words": ""}
    assert staff.send(f"{address}/move", {**form, "elsewhere": "nowhere"}).status_code == 422
    answer = staff.send(f"{address}/move", form)
    assert answer.headers["Location"].endswith("/children/")
    assert staff.get(address).status_code == 404
    with looked_into(database, "C100") as child:
        assert child.station_id == county.elsewhere.station


def test_a_child_who_left_stands_on_another_list_until_it_is_back(staff: Browser, county: County) -> None:
    address = make(staff, county)
    staff.send(f"{address}/leave", {"reason": "moved_away", "day": "2026-11-26", "words": ""})
    assert "单小禾" not in staff.get("/children/").get_data(as_text=True)
    assert "单小禾" in staff.get("/children/?left=1").get_data(as_text=True)
    staff.send(f"{address}/return", {}, seen_on=address)
    assert "单小禾" in staff.get("/children/").get_data(as_text=True)


def test_two_files_are_compared_and_then_one_and_the_old_address_leads_on(
    staff: Browser, database: Database, county: County
) -> None:
    kept = make(staff, county)
    twin = {"number": "C101", "document": "none", "id_number": "", "birth_date": "2016-03-04", "sex": "male"}
    former = make(staff, county, **twin, another="y")
    merge = f"{kept}/merge/{former.rpartition('/')[2]}"
    assert merge in staff.get(kept).get_data(as_text=True)
    page = staff.get(merge).get_data(as_text=True)
    assert "C101" in page
    assert not any(canary in page for canary in CANARIES)
    shown = fields_of(page)
    assert staff.send(merge, {**shown, "kept_version": "7"}).status_code == 422
    assert staff.send(merge, shown).status_code == 302
    assert staff.get(former).headers["Location"] == kept
    assert count(database, Guardian, "C100") == 2


def test_a_merging_is_taken_back_after_a_question_and_not_once_the_file_was_changed(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    kept = make(staff, county)
    twin = {"number": "C101", "document": "none", "id_number": "", "birth_date": "2016-03-04", "sex": "male"}
    former = make(staff, county, **twin, another="y")
    merge, back = f"{kept}/merge/{former.rpartition('/')[2]}", f"{kept}/unmerge"
    staff.send(merge, fields_of(staff.get(merge).get_data(as_text=True)))
    page = staff.get(kept).get_data(as_text=True)
    assert re.search(rf'{back}"\s+data-confirm="撤销合并', page)
    staff.send(back, {}, seen_on=kept)
    page = staff.get(kept).get_data(as_text=True)
    assert "档案C101已恢复" in page
    assert back not in page
    assert staff.get(former).status_code == 200
    assert (count(database, Guardian, "C100"), count(database, Guardian, "C101")) == (1, 1)
    staff.send(merge, fields_of(staff.get(merge).get_data(as_text=True)))
    staff.send(f"{kept}/leave", {"reason": "moved_away", "day": "2026-11-26", "words": ""})
    staff.send(back, {}, seen_on=kept)
    assert "合并后档案又有改动，已无法撤销" in staff.get(kept).get_data(as_text=True)
    clock.advance(timedelta(days=1))
    staff.sign_in("station_staff@qingshi")
    assert back not in staff.get(kept).get_data(as_text=True)
    staff.send(back, {}, seen_on=kept)
    assert "已超过撤销时限" in staff.get(kept).get_data(as_text=True)


def test_who_has_turned_18_is_listed_and_noted_as_having_left(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    make(staff, county)
    clock.at = clock.at.replace(year=2034)
    staff.sign_in("station_staff@qingshi")
    assert "单小禾" in staff.get("/children/grown-up").get_data(as_text=True)
    assert staff.send("/children/grown-up", {}).status_code == 302
    with looked_into(database, "C100") as child:
        assert (child.left_on, child.left_reason) == (date(2034, 3, 4), "turned_18")


def test_a_list_is_imported_and_says_how_far_it_is(staff: Browser, database: Database, county: County) -> None:
    guardian = GuardianRow(child="C200", name="样亲丙", relation=Relation.MOTHER, phone="13900000007")
    answer = staff.send("/children/import", a_list(a_row(), guardians=(guardian,)))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert page.count("<progress") > 3
    assert "儿童" in page
    assert count(database, Guardian, "C200") == 1
    assert "例童乙" in staff.send("/children/", {"looked_for": "13900000007"}).get_data(as_text=True)


def test_a_list_with_errors_names_all_of_them_and_stores_nothing(
    staff: Browser, database: Database, county: County
) -> None:
    wrong = a_row("C201", birth_date=date(2016, 3, 5), id_number=demo_id_number(BORN, 15, region="110101"))
    foreign = a_row("C202", station="远桥未保站", id_number=demo_id_number(BORN, 17, region="110101"))
    answer = staff.send("/children/import", a_list(a_row(), wrong, foreign))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count('data-label="列"') == 2
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Child).where(Child.number.like("C20%"))) == 0


def test_the_template_can_be_imported_as_it_is(staff: Browser) -> None:
    data = staff.get("/children/import/template").get_data()
    assert load_workbook(io.BytesIO(data)).sheetnames == ["说明", "儿童", "监护人", "选项"]
    answer = staff.send("/children/import", {"file": (io.BytesIO(data), "x.xlsx")})
    assert answer.status_code == 200


def test_what_is_no_workbook_is_refused(staff: Browser) -> None:
    answer = staff.send("/children/import", {"file": (io.BytesIO(b"x"), "x.xlsx")})
    assert answer.status_code == 422


def test_an_export_takes_whom_grants_cover_and_notes_each_reading(
    staff: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    make(staff, county, address="=1+1", guardian_phones="+86 139 0000 0001")
    assert staff.send("/children/export", {}, seen_on="/children/").status_code == 422
    grant(database, county, clock, *SensitiveField)
    answer = staff.send("/children/export", {})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = next(dict(zip(rows[0], row, strict=True)) for row in rows[1:] if "C100" in row)
    assert (found["身份证件号码"], found["居住地址"], found["监护人联系电话"]) == (CANARIES[2], "=1+1", "13900000001")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    with database.reading(EVERYTHING) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "children.exported")).one()
        assert entry.detail["children"] == len(rows) - 1 == len(reads(database))


def test_a_file_of_another_station_is_not_found(staff: Browser, county: County) -> None:
    other: UUID = county.elsewhere.child
    assert staff.get(f"/children/{other}").status_code == 404
    assert staff.send("/children/new", {**a_form(county), "station": str(county.elsewhere.station)}).status_code == 422
