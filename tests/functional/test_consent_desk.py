"""The staff's desk of consents: what is to be done, papers with their scans, the texts for asking guardians."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from core.db.models import AuditEntry, Child, ChildFile, Consent, ConsentText
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ConsentPurpose
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County, deed
from tests.functional.test_desk_pages import SignIn
from tests.integration.test_consent_lists import PNG

TODAY = date(2026, 11, 26)


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def page(county: County) -> str:
    """Return the path of the child's consents."""
    return f"/consents/children/{county.here.child}"


def a_scan(content: bytes = PNG) -> tuple[BytesIO, str]:
    return BytesIO(content), "同意书.png"


def test_each_list_tells_whom_it_has_and_how_many(sign_in: SignIn, county: County, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        own = {"station_id": county.here.station, "child_id": county.here.child}
        session.add(Consent(purpose=ConsentPurpose.OUTING, given_on=TODAY, valid_until=TODAY, text_version=1, **own))
    browser = sign_in(Role.SOCIAL_WORKER)
    first = shown(browser, "/consents/")
    # The county's consent to photographs was noted without a text and without a scan; nothing allows to keep the data.
    for words in ("缺少依据 (1)", "即将到期 (1)", "文本已更新 (1)", "缺扫描件 (2)"):
        assert words in first
    for name, also in (("basis", "不能报名"), ("ending", "外出活动"), ("text", "拍照"), ("scan", "补传扫描件")):
        found = shown(browser, f"/consents/?list={name}")
        assert ("qingshi-001" in found, also in found, "yuanqiao-001" in found) == (True, True, False), name
    assert "不能报名" in first
    for odd in ("?list=nothing", "?page=x", "?page=-1", "?page=99999999", "?list=scan&page=7"):
        assert "qingshi-001" in shown(browser, f"/consents/{odd}")


def test_an_empty_list_says_that_nothing_is_to_be_done(sign_in: SignIn, county: County, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Child, county.here.child).left_on = TODAY
    browser = sign_in(Role.SOCIAL_WORKER)
    for name, words in (
        ("basis", "每名儿童都有"),
        ("ending", "近期没有到期的同意书"),
        ("text", "都已同意现行版本"),
        ("scan", "都已有扫描件"),
    ):
        assert words in shown(browser, f"/consents/?list={name}"), name


def test_a_long_list_is_turned_over(
    sign_in: SignIn, county: County, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.consent_lists.PAGE_SIZE", 1)
    with database.writing(EVERYTHING) as session:
        own = {"station_id": county.here.station, "child_id": county.here.child}
        session.add(Consent(purpose=ConsentPurpose.OUTING, given_on=TODAY, text_version=1, **own))
    browser = sign_in(Role.SOCIAL_WORKER)
    first = shown(browser, "/consents/?list=scan")
    assert ("下一页" in first, "上一页" in first) == (True, False)
    last = shown(browser, "/consents/?list=scan&page=2")
    assert ("下一页" in last, "上一页" in last) == (False, True)


def test_a_childs_file_leads_to_its_consents_and_back(sign_in: SignIn, county: County, page: str) -> None:
    file = f"/children/{county.here.child}"
    assert f'href="{page}"' in shown(sign_in(Role.COMMUNITY_DIRECTOR), file)
    assert f'href="{file}"' in shown(sign_in(Role.COMMUNITY_DIRECTOR), page)
    assert f'href="{page}"' not in shown(sign_in(Role.GRID_WORKER), file)


def test_a_paper_older_than_the_first_text_says_what_to_do(sign_in: SignIn, page: str, database: Database) -> None:
    form = {"purpose": "outing", "guardian": "", "given_on": "2025-12-31", "valid_until": ""}
    answer = sign_in(Role.STATION_STAFF).send(page, form)
    said = answer.get_data(as_text=True)
    assert (answer.status_code, "最早的文本自2026年1月1日起启用" in said) == (422, True)
    assert 'value="2025-12-31"' in said
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.OUTING)).all() == []


def test_a_paper_comes_with_its_scan_which_opens_with_leave(
    sign_in: SignIn, county: County, page: str, database: Database
) -> None:
    staff = sign_in(Role.STATION_STAFF)
    form = {"purpose": "outing", "guardian": str(county.here.guardian), "given_on": "2026-11-20", "valid_until": ""}
    bad = staff.send(page, {**form, "file": a_scan(b"MZ")})
    assert (bad.status_code, "PDF" in bad.get_data(as_text=True)) == (422, True)
    assert staff.send(page, {**form, "file": a_scan()}).status_code == 302
    found = shown(staff, page)
    assert ("已有扫描件" in found, "/scan/open" in found) == (True, False)
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.OUTING)).one()
    assert staff.send(f"/consents/{row.id}/scan/open", {}, seen_on=page).status_code == 403
    staff.send(f"/grants/glass/{county.here.child}", {"reason": "核对同意书"})
    assert "/scan/open" in shown(staff, page)
    answer = staff.send(f"/consents/{row.id}/scan/open", {}, seen_on=page)
    assert (answer.status_code, answer.get_data(), answer.mimetype) == (200, PNG, "image/png")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "attachment"
    with database.reading(EVERYTHING) as session:
        actions = session.scalars(select(AuditEntry.action).where(deed()).order_by(AuditEntry.number)).all()
    assert actions[-2:] == ["child.read", "file.read"]


def test_a_scan_is_added_later_and_a_wrong_one_taken_away(
    sign_in: SignIn, county: County, page: str, database: Database
) -> None:
    staff, add = sign_in(Role.STATION_STAFF), f"/consents/{county.here.consent}/scan"
    assert ("缺扫描件" in shown(staff, page), add in shown(staff, "/consents/?list=scan")) == (True, True)
    assert "例童〇〇〇" in shown(staff, add)
    wrong = ({}, {"file": a_scan(b"")}, {"file": a_scan(b"MZ")})
    assert [staff.send(add, form).status_code for form in wrong] == [422, 422, 422]
    assert [staff.send(add, {"file": a_scan()}).status_code for _ in range(2)] == [302, 422]
    assert add not in shown(staff, "/consents/?list=scan")
    assert staff.send(f"{add}/remove", {}, seen_on=page).status_code == 302
    assert "缺扫描件" in shown(staff, page)
    assert staff.send(f"{add}/remove", {}, seen_on=page).status_code == 404
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(ChildFile)).all() == []
        assert session.get_one(Consent, county.here.consent).withdrawn_on is None


def test_the_text_in_force_is_printed_to_be_signed(sign_in: SignIn, page: str) -> None:
    staff = sign_in(Role.COMMUNITY_DIRECTOR)
    paper = shown(staff, f"{page}/paper/outing")
    for words in ("外出活动", "例童〇〇〇", "如果不同意：", "第1版", "签名"):
        assert words in paper
    staff.send("/language", {"language": "en", "next": "/"}, seen_on="/consents/")
    assert "If you refuse:" in shown(staff, f"{page}/paper/outing")
    assert staff.get(f"{page}/paper/nothing").status_code == 404


def given(browser: Browser, path: str, **changes: str) -> dict[str, object]:
    """Return what the form of a new text sends as it is shown, but for changes."""
    form = {name: values[0] for name, values in fields_of(shown(browser, path)).items()}
    return {**form, "valid_from": "2026-11-26", **changes}


def test_a_new_text_is_shown_with_whom_it_asks_anew_before_it_is_kept(
    sign_in: SignIn, county: County, database: Database
) -> None:
    head, path = sign_in(Role.HEAD), "/consents/texts/photo/new"
    form = given(head, path, chinese="新的\r\n文本")
    assert "Purpose:" in str(form["english"])
    look = head.send(path, form).get_data(as_text=True)
    assert ("需请1位已同意的监护人重新同意" in look, "2026年11月26日" in look) == (True, True)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(ConsentText).where(ConsentText.version == 2)).all() == []
    again = head.send(path, {**form, "change": "1"})
    assert (again.status_code, "文本</textarea>" in again.get_data(as_text=True)) == (200, True)
    assert head.send(path, {**form, "confirmed": "1"}).status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(ConsentText).where(ConsentText.version == 2)).one()
        assert (row.purpose, row.chinese, row.valid_from) == (ConsentPurpose.PHOTO, "新的\n文本", TODAY)
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "consent_text.added"))
        assert (entry.station_id, entry.actor_id) == (county.here.station, county.here.users[Role.HEAD])
    listed = shown(head, "/consents/texts/")
    assert re.search(r"第2版\s*<span[^>]*>现行", listed)
    # Who looked at it before somebody else kept one can't keep theirs for the same day.
    assert head.send(path, {**form, "confirmed": "1"}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"chinese": " "}, {"english": ""}, {"valid_from": "2026-11-25"}, {"valid_from": "2026-01-01"}, {"valid_from": ""}],
)
@pytest.mark.parametrize("step", [{}, {"confirmed": "1"}])
def test_a_text_that_can_not_be_is_not_kept(
    sign_in: SignIn, database: Database, wrong: dict[str, str], step: dict[str, str]
) -> None:
    head, path = sign_in(Role.HEAD), "/consents/texts/outing/new"
    assert head.send(path, {**given(head, path, **wrong), **step}).status_code == 422
    with database.reading(EVERYTHING) as session:
        assert len(session.scalars(select(ConsentText)).all()) == len(ConsentPurpose)


def test_the_list_of_texts_tells_what_rests_on_each_and_which_is_to_come(
    sign_in: SignIn, county: County, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        said = {"chinese": "以后的文本", "english": "later"}
        session.add(ConsentText(purpose=ConsentPurpose.OUTING, version=2, valid_from=TODAY + timedelta(days=9), **said))
        own = {"station_id": county.here.station, "child_id": county.here.child}
        session.add(Consent(purpose=ConsentPurpose.OUTING, given_on=TODAY, text_version=1, **own))
    page = shown(sign_in(Role.ADMINISTRATOR), "/consents/texts/")
    assert re.search(r"第2版\s*<span[^>]*>待启用", page)
    assert ("2026年12月5日" in page, "以后的文本" in page) == (True, True)
    assert page.count("现行</span>") == len(ConsentPurpose)
    assert len(re.findall(r'class="number">1</td>', page)) == 1
    assert sign_in(Role.HEAD).get("/consents/texts/nothing/new").status_code == 404
