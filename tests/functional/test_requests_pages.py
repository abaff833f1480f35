"""The pages of guardians' requests: noted at a child, answered, refused, and nothing gone without being shown first."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select

from core.config import Settings
from core.db.models import Child, ChildCategoryMark, GuardianLeave, RightsRequest
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.rights import Outcome, RequestKind
from core.domain.vocabulary import GuardianAccess
from core.services.erasing import read_ledger
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

SignIn = Callable[[Role], Browser]


@pytest.fixture
def staff(sign_in: SignIn) -> Browser:
    return sign_in(Role.STATION_STAFF)


@pytest.fixture
def head(sign_in: SignIn) -> Browser:
    return sign_in(Role.HEAD)


def noted(database: Database) -> list[RightsRequest]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(RightsRequest).order_by(RightsRequest.entered_at, RightsRequest.id)))


def the(database: Database, request_id: UUID) -> RightsRequest:
    return next(row for row in noted(database) if row.id == request_id)


def becomes(database: Database, request_id: UUID, **values: Any) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(RightsRequest, request_id)
        for name, value in values.items():
            setattr(row, name, value)


def bound_no_more(database: Database, county: County) -> None:
    """End what obliges the station to keep the file."""
    with database.writing(EVERYTHING) as session:
        session.execute(delete(ChildCategoryMark).where(ChildCategoryMark.child_id == county.here.child))


def asks(browser: Browser, county: County, kind: RequestKind) -> str:
    """Note a request of the child's guardian as staff do, and return the page's address."""
    page = f"/requests/child/{county.here.child}/new"
    sent = {"guardian": str(county.here.guardian), "kind": kind.value, "how": "desk", "received_on": "2026-11-02"}
    answer = browser.send(page, sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_request_is_noted_from_the_childs_page(staff: Browser, county: County, database: Database) -> None:
    here = f"/requests/child/{county.here.child}/new"
    assert here in staff.get(f"/children/{county.here.child}").text
    page = staff.get(asks(staff, county, RequestKind.COPY)).text
    assert "2026年11月23日" in page
    assert "复制" in page
    assert noted(database)[-1].guardian_id == county.here.guardian


def test_a_day_to_come_is_refused_and_what_was_chosen_stays(staff: Browser, county: County, database: Database) -> None:
    before = len(noted(database))
    page = f"/requests/child/{county.here.child}/new"
    sent = {"guardian": str(county.here.guardian), "kind": "deletion", "how": "letter", "received_on": "2030-01-01"}
    answer = staff.send(page, sent)
    assert answer.status_code == 422
    assert 'value="deletion" selected' in answer.text or 'selected value="deletion"' in answer.text
    assert len(noted(database)) == before


def test_the_list_says_what_is_overdue_and_that_there_is_none(
    staff: Browser, county: County, database: Database, clock: MovingClock
) -> None:
    assert "已逾期" in staff.get("/requests/").text
    assert "七天内须答复1件监护人申请" in staff.get("/overview").text
    becomes(database, county.here.request, due_on=clock.now().date() + timedelta(days=30))
    assert "已逾期" not in staff.get("/requests/").text
    assert "监护人申请。" not in staff.get("/overview").text
    with database.writing(EVERYTHING) as session:
        session.delete(session.get_one(RightsRequest, county.here.request))
    assert "没有登记" in staff.get("/requests/").text


def test_the_copy_is_taken_along_as_pdf_and_as_json(head: Browser, county: County, database: Database) -> None:
    page = asks(head, county, RequestKind.COPY)
    printed = head.send(f"{page}/copy/pdf", {}, seen_on=page)
    assert (printed.mimetype, printed.headers["Cache-Control"]) == ("application/pdf", "no-store")
    words = "".join("".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(printed.data)).pages)
    assert "本副本不含的内容" in words
    told = json.loads(head.send(f"{page}/copy/json", {}, seen_on=page).data)
    assert told["sections"]["you"][0]["relation"]
    assert noted(database)[-1].outcome is Outcome.DONE


def test_whoever_may_see_nothing_gets_a_sentence_and_no_file(head: Browser, county: County, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        own = GuardianLeave.guardian_id == county.here.guardian
        session.scalars(select(GuardianLeave).where(own)).one().access = GuardianAccess.NONE
    page = asks(head, county, RequestKind.COPY)
    answer = head.send(f"{page}/copy/pdf", {}, seen_on=page)
    assert (answer.status_code, answer.location) == (302, page)
    assert "该监护人" in head.get(page).text
    assert noted(database)[-1].outcome is None


def test_the_copy_of_a_sealed_file_is_the_heads(head: Browser, county: County, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Child, county.here.child).sealed_file = True
    page = asks(head, county, RequestKind.COPY)
    assert head.send(f"{page}/copy/pdf", {}, seen_on=page).mimetype == "application/pdf"


def test_staff_are_told_that_the_head_makes_the_copy(staff: Browser, county: County) -> None:
    page = asks(staff, county, RequestKind.COPY)
    told = staff.get(page).text
    assert "副本由站长制作" in told
    assert "/copy/pdf" not in told


def test_a_refused_request_has_no_copy(head: Browser, county: County) -> None:
    page = asks(head, county, RequestKind.COPY)
    head.send(f"{page}/refuse", {"reason": "已当面给过"}, seen_on=page)
    assert head.send(f"{page}/copy/json", {}, seen_on=page).location == page
    assert "重新登记" in head.get(page).text


def test_before_a_deletion_the_page_says_what_goes_what_stays_and_why(
    head: Browser, staff: Browser, county: County, database: Database
) -> None:
    bound_no_more(database, county)
    page = f"/requests/{county.here.request}"
    for browser in (head, staff):
        told = browser.get(page).text
        assert "整份档案" in told
        assert "《未成年人保护法》第十一条" in told
    assert "data-confirm" in head.get(page).text
    assert f"{page}/erase" not in staff.get(page).text


def test_the_head_deletes_the_file_and_the_ledger_knows(
    head: Browser, county: County, database: Database, settings: Settings
) -> None:
    bound_no_more(database, county)
    page = f"/requests/{county.here.request}"
    answer = head.send(f"{page}/erase", {}, seen_on=page)
    answer.close()
    assert answer.location == "/requests/"
    with database.reading(EVERYTHING) as session:
        assert session.get(Child, county.here.child) is None
    assert [one.subject_id for one in read_ledger(settings.erasure_ledger, database.vault)] == [county.here.child]
    assert head.get(page).status_code == 404


def test_where_the_law_keeps_the_file_what_rests_on_consent_goes(
    head: Browser, county: County, database: Database, settings: Settings
) -> None:
    page = f"/requests/{county.here.request}"
    assert "整份档案" not in head.get(page).text
    head.send(f"{page}/erase", {}, seen_on=page).close()
    assert the(database, county.here.request).outcome is Outcome.PARTLY
    assert len(read_ledger(settings.erasure_ledger, database.vault)) == 1
    assert "部分办理" in head.get(page).text


def test_a_refusal_needs_its_reason_and_shows_it(staff: Browser, county: County, database: Database) -> None:
    page = f"/requests/{county.here.request}"
    assert staff.send(f"{page}/refuse", {"reason": " "}, seen_on=page).status_code == 422
    assert the(database, county.here.request).outcome is None
    staff.send(f"{page}/refuse", {"reason": "法律要求保存"}, seen_on=page)
    told = staff.get(page).text
    assert "法律要求保存" in told
    assert f"{page}/refuse" not in told


def test_a_restriction_shows_at_the_child_until_the_head_ends_it(head: Browser, staff: Browser, county: County) -> None:
    page = asks(staff, county, RequestKind.RESTRICTION)
    staff.send(f"{page}/close", {}, seen_on=page)
    child = f"/children/{county.here.child}"
    assert "限制使用" in staff.get(child).text
    assert f"{page}/lift" not in staff.get(page).text
    head.send(f"{page}/lift", {}, seen_on=page)
    assert "限制使用" not in staff.get(child).text
    assert "已于" in staff.get(page).text


def test_a_correction_is_done_once_something_was_corrected(staff: Browser, county: County, database: Database) -> None:
    page = asks(staff, county, RequestKind.CORRECTION)
    staff.send(f"{page}/close", {}, seen_on=page)
    assert noted(database)[-1].outcome is None
    assert "先更正" in staff.get(page).text


def test_every_page_is_there_in_english_too(staff: Browser, county: County) -> None:
    staff.send("/language", {"language": "en", "next": "/"}, seen_on="/requests/")
    for page in ("/requests/", f"/requests/{county.here.request}", f"/requests/child/{county.here.child}/new"):
        told = staff.get(page).text.partition("<main")[2].partition("</main>")[0]
        assert "request" in told.lower()
