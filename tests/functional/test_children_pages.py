"""Children's files on their pages: found, made, changed, and never overwritten unseen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select

from core.db.models import AuditEntry, Child
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.id_numbers import demo_id_number
from core.services.children.digest import readings
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County
from tests.integration.builders import unlocked

BORN = date(2016, 3, 4)


@pytest.fixture
def staff(sign_in: Callable[[Role], Browser]) -> Browser:
    """Return a browser in which somebody of the station's staff has signed in."""
    return sign_in(Role.STATION_STAFF)


def a_form(county: County, **values: str) -> dict[str, str]:
    return {
        "station": str(county.here.station),
        "number": "C100",
        "name": "单小禾",
        "document": "resident_id",
        "id_number": demo_id_number(BORN, 11, region="110101"),
        "sex": "",
        "birth_date": "",
        "grade": "3",
        "school": "例小学",
        "guardian_name": "样亲甲",
        "guardian_relation": "mother",
        "guardian_phones": "139 0000 0001、0595-85600000",
        "address": "例路9号",
        **values,
    }


def make(staff: Browser, county: County, **values: str) -> Child:
    answer = staff.send("/children/new", a_form(county, **values))
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def stored(database: Database, number: str) -> Child:
    with database.reading(EVERYTHING) as session:
        return session.scalars(select(Child).where(Child.number == number)).one()


@contextmanager
def looked_into(database: Database, number: str) -> Iterator[Child]:
    with database.reading(EVERYTHING) as session, unlocked(session):
        yield session.scalars(select(Child).where(Child.number == number)).one()


def look_for(staff: Browser, word: str) -> str:
    return staff.send("/children/", {"looked_for": word}).get_data(as_text=True)


def test_a_new_file_takes_birth_date_and_sex_from_the_id_number(
    staff: Browser, database: Database, county: County
) -> None:
    make(staff, county)
    with looked_into(database, "C100") as child:
        assert (child.birth_date, child.sex, child.grade, child.grade_year) == ("2016-03-04", "male", "3", 2026)
        assert [(one.phone, one.more_phones) for one in child.guardians] == [("13900000001", "059585600000")]
    with database.reading(EVERYTHING) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.created")).one()
        assert (entry.subject_id, entry.detail) == (child.id, {"guardians": 1})


def test_a_file_is_found_by_what_people_remember_of_it(staff: Browser, county: County) -> None:
    make(staff, county)
    own, another = demo_id_number(BORN, 11, region="110101"), demo_id_number(BORN, 13, region="110101")
    for word in ("小禾", "sxh", "dxh", "shanxiaohe", "Shan Xiao", "C100", own, "85600000"):
        assert "单小禾" in look_for(staff, word), word
    for word in ("小河", "xyz", "C101", another, "85600001"):
        assert "单小禾" not in look_for(staff, word), word


def test_what_is_looked_for_stands_in_no_address(staff: Browser, county: County) -> None:
    answer = staff.send("/children/", {"looked_for": "", "grade": "3"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/children/?grade=3")
    assert "Location" not in staff.send("/children/", {"looked_for": "单"}).headers


def test_the_list_is_filtered_by_grade(staff: Browser, county: County) -> None:
    make(staff, county)
    assert "单小禾" in staff.get("/children/?grade=3").get_data(as_text=True)
    assert "单小禾" not in staff.get("/children/?grade=4").get_data(as_text=True)


def test_a_file_of_before_there_were_digests_is_found_all_the_same(staff: Browser) -> None:
    assert "例童〇〇〇" in look_for(staff, "例童")


def test_files_that_may_be_of_the_same_child_are_shown_before_anything_is_kept(
    staff: Browser, database: Database, county: County
) -> None:
    make(staff, county)
    again = a_form(county, number="C101", document="none", id_number="", birth_date="2016-03-04", sex="male")
    warned = staff.send("/children/new", again)
    assert warned.status_code == 422
    assert "C100" in warned.get_data(as_text=True)
    assert staff.send("/children/new", {**again, "another": "y"}).status_code == 302
    assert stored(database, "C101").id_number_index is None


def test_the_same_document_is_never_taken_twice(staff: Browser, county: County) -> None:
    make(staff, county)
    answer = staff.send("/children/new", a_form(county, number="C101", another="y"))
    assert answer.status_code == 422


def test_an_id_number_that_contradicts_the_birth_date_is_refused(staff: Browser, county: County) -> None:
    answer = staff.send("/children/new", a_form(county, birth_date="2016-03-05"))
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)


def test_what_the_reader_may_not_see_is_kept_where_the_form_leaves_it_empty(
    staff: Browser, database: Database, county: County
) -> None:
    address = make(staff, county)
    shown = fields_of(staff.get(f"{address}/edit").get_data(as_text=True))
    assert shown["address"] == [""]
    assert shown["id_number"] == [""]
    assert staff.send(f"{address}/edit", {**shown, "school": "例中学"}).status_code == 302
    with looked_into(database, "C100") as child:
        assert (child.school, child.address, child.version) == ("例中学", "例路9号", 2)
        assert child.id_number is not None
    with database.reading(EVERYTHING) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.changed")).one()
        assert entry.detail == {"fields": ["school"]}


def test_a_stale_change_is_refused_and_what_was_typed_is_still_there(
    staff: Browser, database: Database, county: County
) -> None:
    address = make(staff, county)
    shown = fields_of(staff.get(f"{address}/edit").get_data(as_text=True))
    staff.send(f"{address}/edit", {**shown, "school": "甲校"})
    late = staff.send(f"{address}/edit", {**shown, "school": "乙校"})
    assert late.status_code == 422
    page = late.get_data(as_text=True)
    assert "乙校" in page
    assert "<li>学校: 甲校</li>" in page
    assert stored(database, "C100").school == "甲校"


def test_a_name_of_several_readings_is_found_by_each() -> None:
    assert {"sxh", "dxh"} <= set(readings("单小禾"))
    assert readings("禾 A") == ("ha", "hea")
