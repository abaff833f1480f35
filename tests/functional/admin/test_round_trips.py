"""Every section: a row is entered, found, changed and deleted again, with an audit entry each time."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.models import Activity, ActivitySession, ArrangedYear, AuditEntry, Station, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ActivityLine
from core.services.audit import verify_chain
from tests.functional.admin.examples import EXAMPLES, Example, around
from tests.functional.browsing import Browser
from tests.functional.county import County, deed


def an_id(location: str) -> str:
    return parse_qs(urlsplit(location).query)["id"][0]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_a_row_is_entered_changed_and_deleted(
    example: Example, sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser, path = sign_in(Role.HEAD), f"/admin/{example.key}"
    answers = dict(example.new(around(database, county.here)))

    made = browser.send(f"{path}/new/", answers)
    assert made.status_code == 302, made.get_data(as_text=True)
    row_id = an_id(made.headers["Location"])
    assert browser.get(made.headers["Location"]).status_code == 200
    assert row_id in browser.get(f"{path}/").get_data(as_text=True)

    changed = browser.send(f"{path}/edit/?id={row_id}", {**answers, **example.change})
    assert changed.status_code == 302, changed.get_data(as_text=True)
    assert browser.get(f"{path}/delete/?id={row_id}").status_code == 200
    assert browser.send(f"{path}/delete/?id={row_id}", {}).status_code == 302
    assert browser.get(f"{path}/details/?id={row_id}").status_code == 404

    with database.reading(EVERYTHING) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == UUID(row_id))).all()
        events = [entry.action.partition(".")[2] for entry in sorted(entries, key=lambda entry: entry.number)]
        assert events == (["created", "changed", "deleted"] if example.change else ["created", "deleted"])
        assert {entry.actor_id for entry in entries} == {county.here.users[Role.HEAD]}
        assert {entry.station_id for entry in entries} == {county.here.station}
        assert verify_chain(session, county.here.station) is None


def test_a_volunteers_phone_is_sealed_put_right_and_found_by_its_index(
    sign_in: Callable[[Role], Browser], database: Database
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    example = next(example for example in EXAMPLES if example.key == "volunteers")
    answers = dict(example.new(None))  # type: ignore[arg-type]
    made = browser.send("/admin/volunteers/new/", answers)
    row_id = UUID(an_id(made.headers["Location"]))
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Volunteer, row_id)
        assert row.phone == "13800138000"
        assert row.phone_index == database.vault.blind_index("volunteers.phone", "13800138000")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == row_id)).one()
        assert "phone" in entry.detail["fields"]
        assert "13800138000" not in str(entry.detail)
        assert "试试看" not in str(entry.detail)

    browser.send(f"/admin/volunteers/edit/?id={row_id}", {**answers, "phone": ""})
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Volunteer, row_id)
        assert (row.phone, row.phone_index) == (None, None)
        changed = session.scalars(select(AuditEntry).where(AuditEntry.action == "volunteer.changed")).one()
        assert changed.detail == {"fields": ["phone"]}


def test_saving_without_a_change_leaves_no_entry_in_the_log(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = sign_in(Role.ORGANIZER)
    example = next(example for example in EXAMPLES if example.key == "volunteers")
    answers = dict(example.new(None))  # type: ignore[arg-type]
    row_id = an_id(browser.send("/admin/volunteers/new/", answers).headers["Location"])
    assert browser.send(f"/admin/volunteers/edit/?id={row_id}", answers).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(AuditEntry.action).where(deed())).all() == ["volunteer.created"]


def test_an_activity_is_described_on_its_own_pages(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = sign_in(Role.ORGANIZER)
    assert browser.get("/admin/activities/new/").headers["Location"] == "/activities/"
    edit = browser.get(f"/admin/activities/edit/?id={county.here.activity}")
    assert edit.headers["Location"] == f"/activities/{county.here.activity}"
    for page in ("new/", f"edit/?id={county.here.activity}"):
        sent = browser.send(f"/admin/activities/{page}", {"title": "x"}, seen_on="/admin/venues/new/")
        assert sent.status_code == 405


def test_an_activity_that_was_never_published_is_deleted_with_its_sessions(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        activity = Activity(
            station_id=county.here.station,
            term_id=county.here.term,
            line=ActivityLine.LEARNING,
            type_key="gone.kind",
            title="没有公布过",
            session_count=1,
            duration=60,
            size=5,
            times=["09:00", "14:00"],
            zones=["activity"],
        )
        activity.sessions.append(ActivitySession(station_id=county.here.station, position=0))
        session.add(activity)
        session.flush()
        row_id = activity.id
    browser = sign_in(Role.ORGANIZER)
    details = browser.get(f"/admin/activities/details/?id={row_id}").get_data(as_text=True)
    assert "09:00和14:00" in details
    assert "gone.kind" in details
    assert browser.send(f"/admin/activities/delete/?id={row_id}", {}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(ActivitySession).where(ActivitySession.activity_id == row_id)).all() == []


def test_a_station_is_entered_below_one_within_reach_and_deleted_while_nothing_holds_it(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    answers = {"parent_id": str(county.here.station), "kind": "community", "name": "阳光社区", "slug": "yangguang"}
    made = browser.send("/admin/stations/new/", answers)
    assert made.status_code == 302, made.get_data(as_text=True)
    row_id = an_id(made.headers["Location"])
    assert browser.send(f"/admin/stations/edit/?id={row_id}", {**answers, "name": "阳光"}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Station, UUID(row_id)).name == "阳光"
    # Its own change is in its own audit log, which has to stay.
    assert "审计" in browser.get(f"/admin/stations/delete/?id={row_id}").get_data(as_text=True)


def test_an_arranged_year_is_entered_as_the_notice_is_written(
    at_county: Callable[[Role], Browser], database: Database
) -> None:
    browser = at_county(Role.ORGANIZER)
    notice = "年份,2027\n来源,国务院办公厅通知\n发布日期,2026-11-04\n放假,2027-01-01,2027-01-03,元旦\n上班,2027-01-10"
    made = browser.send("/admin/arranged_years/new/", {"notice": notice})
    assert made.status_code == 302, made.get_data(as_text=True)
    row_id = an_id(made.headers["Location"])
    page = browser.get(f"/admin/arranged_years/edit/?id={row_id}").get_data(as_text=True)
    assert "放假,2027-01-01,2027-01-03,元旦" in page
    assert browser.send(f"/admin/arranged_years/edit/?id={row_id}", {"notice": notice}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert len(session.get_one(ArrangedYear, UUID(row_id)).days) == 4
    wrong = browser.send("/admin/arranged_years/new/", {"notice": notice.replace("2027-01-10", "2027-01-11")})
    assert wrong.status_code == 422
    assert browser.send(f"/admin/arranged_years/delete/?id={row_id}", {}).status_code == 302


def test_only_the_topmost_station_enters_a_year(sign_in: Callable[[Role], Browser]) -> None:
    assert sign_in(Role.ADMINISTRATOR).get("/admin/arranged_years/new/").status_code == 403
