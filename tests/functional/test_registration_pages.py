"""The registration pages as staff use them: at the desk, on lists, and when something has to be decided."""

import re
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.models import (
    Activity,
    ActivityIntake,
    Child,
    Consent,
    GroupMember,
    Guardian,
    Registration,
    Station,
    Term,
    TermIntake,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.ids import new_id
from core.domain.registering import Place
from core.domain.vocabulary import ConsentPurpose
from core.services.spreadsheets import as_xlsx
from tests.functional.browsing import Browser
from tests.functional.county import County
from tests.functional.test_desk_pages import SignIn
from tests.integration.builders import SATURDAY, at
from tests.integration.registering import an_announced, two_sites

DESK = "/registration/"


@pytest.fixture
def staff(sign_in: SignIn) -> Browser:
    """Return a browser of somebody who works at the desk."""
    return sign_in(Role.STATION_STAFF)


def another_child(database: Database, county: County, name: str = "例童二") -> UUID:
    """Store a second child of the same guardian's phone, whose guardian has agreed to the keeping of data."""
    with database.writing(EVERYTHING) as session:
        first = session.get_one(Child, county.here.child)
        child = Child(
            station_id=first.station_id, number="C900", name=name, birth_date="2016-05-01", created_at=first.created_at
        )
        session.add(child)
        session.flush()
        given = {"purpose": ConsentPurpose.DATA, "given_on": date(2026, 9, 1)}
        session.add(Consent(station_id=child.station_id, child_id=child.id, **given))
        return child.id


def registered(database: Database, child: UUID) -> list[Registration]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(Registration).where(Registration.child_id == child)))


def register(browser: Browser, county: County, child: UUID, **more: str) -> str:
    """Tick the activity for the child, send the form, and return where it led to."""
    form = {"child": str(child), "pick": f"{child}:{county.here.activity}", "request": str(new_id()), **more}
    answer = browser.send(f"{DESK}register", form, seen_on=f"{DESK}?child={child}")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_a_child_is_found_and_registered_and_the_receipt_says_when(
    staff: Browser, database: Database, county: County
) -> None:
    child = another_child(database, county)
    found = staff.send(DESK, {"looked_for": "例童二"}).get_data(as_text=True)
    assert f"child={child}" in found
    page = staff.get(f"{DESK}?child={child}").get_data(as_text=True)
    assert f'value="{child}:{county.here.activity}"' in page
    assert "余 2 个名额" in page
    receipt = staff.get(register(staff, county, child)).get_data(as_text=True)
    assert "已录取" in receipt
    assert "09:00" in receipt
    (row,) = registered(database, child)
    assert (row.state, row.registered_by) == (Place.PLACED, county.here.users[Role.STATION_STAFF])


def test_no_name_that_is_looked_for_stands_in_an_address(staff: Browser, county: County) -> None:
    assert staff.send(DESK, {"looked_for": "不存在"}).status_code == 200
    assert "没有符合的档案" in staff.send(DESK, {"looked_for": "不存在"}).get_data(as_text=True)


def test_a_form_that_is_sent_twice_leads_to_the_same_receipt(
    staff: Browser, database: Database, county: County
) -> None:
    child, request = another_child(database, county), str(new_id())
    places = [register(staff, county, child, request=request) for _ in range(2)]
    assert places[0] == places[1]
    assert len(registered(database, child)) == 1


def test_nothing_ticked_is_said_and_nothing_done(staff: Browser, county: County) -> None:
    answer = staff.send(
        f"{DESK}register", {"child": str(county.here.child)}, seen_on=f"{DESK}?child={county.here.child}"
    )
    assert answer.status_code == 422


def test_a_receipt_is_taken_back(staff: Browser, database: Database, county: County) -> None:
    child = another_child(database, county)
    receipt = register(staff, county, child)
    assert staff.send(f"{receipt}/undo", {}, seen_on=receipt).status_code == 302
    assert [row.state for row in registered(database, child)] == [Place.CANCELLED]


def test_a_sibling_is_proposed(staff: Browser, database: Database, county: County) -> None:
    child = another_child(database, county)
    with database.writing(EVERYTHING) as session:
        theirs = session.scalars(select(Guardian).where(Guardian.child_id == county.here.child)).one()
        own = {"station_id": theirs.station_id, "child_id": child, "relation": theirs.relation}
        session.add(Guardian(name="例母", phone="13800000000", phone_index=theirs.phone_index, **own))
    assert "同一监护人" in staff.get(f"{DESK}?child={county.here.child}").get_data(as_text=True)


def test_a_child_whom_nobody_knows_is_registered_from_one_short_form(
    staff: Browser, database: Database, county: County
) -> None:
    form = {
        "station": str(county.here.station),
        "number": "C901",
        "name": "新来的例童",
        "birth_date": "2017-03-02",
        "sex": "girl",
        "document": "none",
        "grade": "",
        "guardian_name": "例父",
        "guardian_relation": "father",
        "guardian_phones": "13800000000",
        "consent": "y",
    }
    page = staff.get(f"{DESK}children/new").get_data(as_text=True)
    form["sex"] = re.findall(r'<option value="(\w+)">女', page)[0]
    answer = staff.send(f"{DESK}children/new", form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        child = session.scalars(select(Child).where(Child.number == "C901")).one().id
    assert str(child) in answer.headers["Location"]
    register(staff, county, child)
    assert [row.state for row in registered(database, child)] == [Place.PLACED]


def test_a_list_shows_who_waits_and_what_is_done_with_an_offer(
    staff: Browser, database: Database, county: County
) -> None:
    intake = f"/registration/activities/{county.here.activity}/intake"
    assert staff.send(intake, {"capacity": "1", "way": "first_come", "minimum": "0"}).status_code == 302
    child = another_child(database, county)
    register(staff, county, child)
    page = f"/registration/activities/{county.here.activity}"
    assert "候补名单" in staff.get(page).get_data(as_text=True)
    assert staff.send(f"/registration/{county.here.registration}/cancel", {}, seen_on=page).status_code == 302
    (row,) = registered(database, child)
    assert row.state is Place.OFFERED
    told = staff.get(f"/registration/to-tell?term={county.here.term}").get_data(as_text=True)
    assert "例童二" in told
    assert staff.send(f"/registration/{row.id}/told", {}, seen_on=page).status_code == 302
    assert staff.send(f"/registration/{row.id}/accept", {}, seen_on=page).status_code == 302
    assert [row.state for row in registered(database, child)] == [Place.PLACED]
    assert staff.send(f"/registration/{row.id}/accept", {}, seen_on=page).status_code == 422
    assert staff.send(f"/registration/{row.id}/eat", {}, seen_on=page).status_code == 404


def test_a_walk_in_is_noted_as_one(staff: Browser, database: Database, county: County) -> None:
    child = another_child(database, county)
    register(staff, county, child, channel="walk_in")
    assert [row.channel for row in registered(database, child)] == ["walk_in"]


def test_a_term_gets_dates_and_a_wrong_order_is_refused(sign_in: SignIn, database: Database, county: County) -> None:
    browser, page = sign_in(Role.HEAD), f"/registration/terms/{county.here.term}"
    form = {
        "way": "wishes",
        "wishes_from": "2026-11-10T08:00",
        "wishes_until": "2026-11-20T20:00",
        "opens_at": "2026-11-22T08:00",
        "offer_hours": "12",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }
    assert browser.send(page, {**form, "opens_at": "2026-11-12T08:00"}).status_code == 422
    assert browser.send(page, form).status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(TermIntake).where(TermIntake.term_id == county.here.term)).one()
        assert (row.way, row.offer_hours, row.opens_at.isoformat()) == ("wishes", 12, "2026-11-22T08:00:00")
    assert "先填志愿" in browser.get(f"/registration/activities?term={county.here.term}").get_data(as_text=True)


def test_a_workbook_names_every_error_at_once_and_else_registers_all(
    staff: Browser, database: Database, county: County
) -> None:
    child = another_child(database, county)
    headings, page = ("档案编号", "证件号码", "姓名", "活动"), "/registration/import"
    wrong = as_xlsx(
        headings, [("C900", "", "别的名字", "青石绘画课"), ("C999", "", "", "青石绘画课"), ("C900", "", "", "没有的课")]
    )
    answer = staff.send(page, {"file": (BytesIO(wrong), "a.xlsx")})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(said in text for said in ("姓名不同", "没有这个编号的档案", "没有这个名称"))
    assert registered(database, child) == []
    right = as_xlsx(headings, [("C900", "", "例童二", "青石绘画课")])
    receipts = {staff.send(page, {"file": (BytesIO(right), "a.xlsx")}).headers["Location"] for _ in range(2)}
    assert len(receipts) == 1
    assert [row.channel for row in registered(database, child)] == ["workbook"]
    assert staff.get("/registration/import/template").data.startswith(b"PK")


def test_a_class_is_registered_together(staff: Browser, database: Database, county: County) -> None:
    child = another_child(database, county)
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Child, child)
        row.school, row.grade, row.grade_year, row.digest = "青石小学", "4", 2026, None
    page = "/registration/class?grade=4&school=青石小学"
    assert "例童二" in staff.get(page).get_data(as_text=True)
    form = {"child": str(child), "activity": str(county.here.activity), "request": str(new_id())}
    assert staff.send("/registration/class", form, seen_on=page).status_code == 302
    assert [row.channel for row in registered(database, child)] == ["class_list"]


def test_the_decision_pages_say_so_where_nothing_is_to_be_decided(sign_in: SignIn, county: County) -> None:
    browser = sign_in(Role.HEAD)
    for page in ("small", "clashes", "to-tell", "sizes"):
        answer = browser.get(f"/registration/{page}?term={county.here.term}")
        assert answer.status_code == 200, page


def test_numbers_go_to_the_planner(sign_in: SignIn, database: Database, county: County) -> None:
    browser = sign_in(Role.HEAD)
    page = f"/registration/sizes?term={county.here.term}"
    assert browser.send(page, {}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Activity, county.here.activity).size == 1


def a_second_activity(database: Database, county: County) -> UUID:
    """Store an activity with places at the very time of the first one, announced like it."""
    with database.writing(EVERYTHING) as session:
        term = session.get_one(Term, county.here.term)
        return an_announced(session, term, 3, at(SATURDAY, 9), title="合唱课").id


def test_a_clash_leads_to_the_registration_which_is_moved_in_one_step(
    staff: Browser, database: Database, county: County
) -> None:
    second, child = a_second_activity(database, county), another_child(database, county)
    register(staff, county, child)
    page = staff.get(f"{DESK}?child={child}").get_data(as_text=True)
    leave = f"/registration/{registered(database, child)[0].id}/leave"
    assert f'href="{leave}?into={second}"' in page
    assert "换走或取消“青石绘画课”" in page
    assert f'value="{second}"' in staff.get(leave).get_data(as_text=True)
    form = {"deed": "move", "into": str(second), "request": str(new_id())}
    receipts = {staff.send(leave, form).headers["Location"] for _ in range(2)}
    assert "合唱课" in staff.get(receipts.pop()).get_data(as_text=True)
    assert not receipts
    assert sorted(row.state for row in registered(database, child)) == [Place.CANCELLED, Place.PLACED]


def test_what_is_too_far_is_said_with_the_minutes_of_the_way_at_the_desk_and_among_the_clashes(
    sign_in: SignIn, database: Database, county: County
) -> None:
    child = another_child(database, county)
    with database.writing(EVERYTHING) as session:
        term = session.get_one(Term, county.here.term)
        hall, park = two_sites(session, session.get_one(Station, term.station_id), 25)
        choir, chess = (
            an_announced(session, term, 3, at(SATURDAY, hour), title=title, zones=[], place_id=site).id
            for title, hour, site in (("合唱课", 14, hall), ("棋课", 15, park))
        )
    head = sign_in(Role.HEAD)
    register(head, county, child, pick=f"{child}:{choir}")
    page = head.get(f"{DESK}?child={child}").get_data(as_text=True)
    assert "离“合唱课”" in page
    assert "路上要25分钟" in page
    with database.writing(EVERYTHING) as session:
        group = session.scalars(select(ActivityIntake.group_id).where(ActivityIntake.activity_id == chess)).one()
        session.add(GroupMember(station_id=session.get_one(Child, child).station_id, group_id=group, child_id=child))
    assert "两地之间路上要25分钟。" in head.get(f"/registration/clashes?term={county.here.term}").get_data(as_text=True)


def test_a_move_that_cannot_be_made_is_said_and_nothing_changes(
    staff: Browser, database: Database, county: County
) -> None:
    leave = f"/registration/{county.here.registration}/leave"
    answer = staff.send(leave, {"deed": "move", "into": str(county.here.activity)})
    assert answer.status_code == 422
    assert "请另选活动" in answer.get_data(as_text=True)
    assert staff.send(leave, {"deed": "cancel"}).status_code == 302
    assert [row.state for row in registered(database, county.here.child)] == [Place.CANCELLED]


def test_an_activity_that_is_too_small_waits_or_is_given_up(
    sign_in: SignIn, database: Database, county: County
) -> None:
    head, page = sign_in(Role.HEAD), f"/registration/activities/{county.here.activity}/decide"
    assert 'name="reason"' in head.get(page).get_data(as_text=True)
    for form in ({"deed": "odd"}, {"deed": "wait", "until": "2020-01-01"}, {"deed": "wait"}, {"deed": "give_up"}):
        assert head.send(page, form).status_code == 422, form
    waits = head.send(page, {"deed": "wait", "until": "2027-01-01"})
    assert (waits.status_code, "/small" in waits.headers["Location"]) == (302, True)
