"""A volunteer on a phone checks in by the code at the door; a week later they have a certificate to be checked."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from core.db.models import ActivitySession, ServiceCertificate, Station, VolunteerPresence
from core.domain.actor import EVERYTHING
from core.services.door_code import code_of
from core.services.hours.certificates import token_of
from tests.browser.test_pages import violations, width_beyond
from tests.browser.test_replying import DESK, House, a_phone, house

__all__ = ["house"]
pytestmark = pytest.mark.browser


def at_session(house: House, minutes: int) -> None:
    """Move the clock to so many minutes after the session's beginning."""
    starts_at = house.town.session.starts_at
    assert starts_at is not None
    house.clock.at = starts_at.replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC) + timedelta(minutes=minutes)


def address_at_the_door(house: House) -> str:
    """Return what the code says that is shown at the door now."""
    with house.database.reading(EVERYTHING) as session:
        held = session.get_one(ActivitySession, house.town.session.id)
        return f"{house.address}/here/{held.id}/{code_of(session, held, house.clock.now())}"


def sound(page: Page, name: str) -> None:
    """Find nothing wrong with a page, and keep its picture where `WEIBAO_SCREENSHOTS` says."""
    assert violations(page) == []
    assert width_beyond(page) <= 0
    if folder := os.environ.get("WEIBAO_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"hours-{name}.png", full_page=True)


def on_a_desk(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(viewport=DESK, locale="zh-CN")
    context.set_default_timeout(15_000)
    return context


def test_from_the_code_at_the_door_to_a_certificate_that_anybody_can_check(house: House, chromium: Browser) -> None:
    phone, desk = a_phone(chromium), on_a_desk(chromium)
    page, station = phone.new_page(), desk.new_page()
    serve(house, page, "person-0")
    book(house, station)
    object_in_public(house, chromium, station)
    house.clock.advance(timedelta(days=7))
    certify(house, page, chromium, "person-0")
    see_who_carries_what(house, station)
    phone.close()
    desk.close()


def serve(house: House, page: Page, login: str) -> None:
    """Check in five minutes early, be away for a while, and check out late; an old code is worth nothing."""
    at_session(house, -10)
    house.sign_in(page, login)
    old = address_at_the_door(house)
    house.clock.advance(timedelta(minutes=5))
    answer = page.goto(old)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("二维码已失效")).to_be_visible()
    page.goto(address_at_the_door(house))
    sound(page, "phone-here")
    page.get_by_role("button", name="我到了").tap()
    expect(page.get_by_text("签到成功")).to_be_visible()
    for minute, button, said in ((10, "我走了", "签退成功"), (20, "我回来了", "签到成功")):
        at_session(house, minute)
        page.goto(address_at_the_door(house))
        sound(page, f"phone-{minute}")
        page.get_by_role("button", name=button).tap()
        expect(page.get_by_text(said)).to_be_visible()
    at_session(house, length(house) + 5)
    page.goto(address_at_the_door(house))
    page.get_by_role("button", name="我走了").tap()
    expect(page.get_by_text("签退成功")).to_be_visible()
    with house.database.reading(EVERYTHING) as session:
        rows = session.scalars(select(VolunteerPresence).order_by(VolunteerPresence.arrived_at)).all()
        assert [row.left_at - row.arrived_at for row in rows if row.left_at and row.arrived_at] == [
            timedelta(minutes=15),
            timedelta(minutes=length(house) - 15),
        ]


def book(house: House, page: Page) -> None:
    """Show the code, then book the hours of whoever was there."""
    house.sign_in(page, "organizer")
    for path in (f"/sessions/{house.town.session.id}/door/code", f"/sessions/{house.town.session.id}/door"):
        page.goto(f"{house.address}{path}")
        sound(page, f"desk-{path.rpartition('/')[2]}")
    page.get_by_role("link", name="补录签到表").click()
    sound(page, "desk-roster")
    page.get_by_role("link", name="返回").click()
    page.get_by_role("link", name="时长", exact=True).click()
    page.get_by_label("评价").select_option(label="优秀")
    sound(page, "desk-session")
    page.get_by_role("button", name="登记时长").click()
    expect(page.get_by_text("已登记1人的时长")).to_be_visible()
    page.goto(f"{house.address}/hours/")
    expect(page.get_by_role("heading", name="公示中")).to_be_visible()
    sound(page, "desk-listed")


def object_in_public(house: House, chromium: Browser, desk: Page) -> None:
    """Show the hours to anybody, who finds a line wrong; the station answers."""
    with house.database.writing(EVERYTHING) as session:
        row = session.get_one(Station, house.town.session.station_id)
        row.shows_hours, path = True, f"/p/{row.slug}/hours"
    for width in (400, 1440):
        anybody = chromium.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
        anybody.goto(f"{house.address}{path}")
        sound(anybody, f"{width}-shown")
        anybody.get_by_role("link", name="有误，提异议").first.click()
        anybody.get_by_label("哪里不对").fill(f"那天没有活动（{width}）")
        sound(anybody, f"{width}-objection")
        anybody.get_by_role("button", name="告诉站点").click()
        expect(anybody.get_by_text("异议已提交")).to_be_visible()
        anybody.close()
    desk.goto(f"{house.address}/hours/")
    sound(desk, "desk-objections")
    for _ in (400, 1440):
        desk.get_by_label("结果").first.fill("已核对签到记录，不变")
        desk.get_by_role("button", name="答复").first.click()
        expect(desk.get_by_text("已答复异议")).to_be_visible()


def certify(house: House, page: Page, chromium: Browser, login: str) -> None:
    """Get a certificate of one's own, and let somebody else check it."""
    house.sign_in(page, login)
    page.goto(f"{house.address}/hours/mine")
    sound(page, "phone-mine")
    page.get_by_role("button", name="出具证明").tap()
    expect(page.get_by_text("证明已出具")).to_be_visible()
    sound(page, "phone-certified")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载PDF").tap()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    with house.database.reading(EVERYTHING) as session:
        token = token_of(session, session.scalars(select(ServiceCertificate)).one())
    anybody = chromium.new_page(viewport={"width": 400, "height": 800}, locale="zh-CN")
    anybody.goto(f"{house.address}/verify/{token}")
    expect(anybody.get_by_text("证明真实有效")).to_be_visible()
    sound(anybody, "phone-verify")
    wrong = anybody.goto(f"{house.address}/verify/{'x' * 43}")
    assert wrong is not None
    assert wrong.status == 404
    anybody.close()


def see_who_carries_what(house: House, page: Page) -> None:
    house.sign_in(page, "organizer")
    page.goto(f"{house.address}/hours/load?first=2026-11-01&last=2026-12-31")
    sound(page, "desk-load")
    page.get_by_role("button", name="致谢").first.click()
    expect(page.get_by_text("致谢已发出")).to_be_visible()


def length(house: House) -> int:
    """Return how many minutes the session takes."""
    starts_at, ends_at = house.town.session.starts_at, house.town.session.ends_at
    assert isinstance(starts_at, datetime)
    assert isinstance(ends_at, datetime)
    return int((ends_at - starts_at).total_seconds() // 60)
