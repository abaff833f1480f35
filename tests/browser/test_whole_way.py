"""One volunteer's whole way on a phone: from applying to a certificate that anybody can check."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.db.models import Volunteer
from core.domain.actor import EVERYTHING, Role
from tests.browser.test_hours import book, certify, on_a_desk, serve
from tests.browser.test_replying import House, a_phone, house, sound
from tests.functional.county import PASSWORD
from tests.integration.asked import another_session, serving

__all__ = ["house"]
pytestmark = pytest.mark.browser

NAME, LOGIN = "言午", "yanwu"


def test_from_applying_to_a_certificate(house: House, chromium: Browser) -> None:
    phone, desk, other = a_phone(chromium), on_a_desk(chromium), a_phone(chromium)
    page, station, colleague = phone.new_page(), desk.new_page(), other.new_page()
    apply_to_serve(house, page)
    invitation = take_in(house, station)
    set_a_password(page, invitation)
    say_when(house, page)
    reply(house, page, address_of_replies(house, station))
    subscribe(house, page)
    swap(house, page, colleague)
    serve(house, page, LOGIN)
    book(house, station)
    house.clock.advance(timedelta(days=7))
    certify(house, page, chromium, LOGIN)
    for context in (phone, desk, other):
        context.close()


def apply_to_serve(house: House, page: Page) -> None:
    """Say on the station's public page who one is and when one could come."""
    page.goto(f"{house.address}/p/{house.town.station.slug}/volunteer")
    sound(page, "way-apply")
    page.get_by_label("您的姓名").fill(NAME)
    page.get_by_label("出生日期").fill("1990-05-04")
    page.get_by_label("电话").fill("13900139000")
    page.locator("#free_times").fill("周六上午")
    page.locator("#consent").check()
    page.locator("button[type=submit].button-primary").tap()
    page.wait_for_url("**/volunteer/thanks")
    sound(page, "way-thanks")


def take_in(house: House, page: Page) -> str:
    """Note the way in, step by step as the file asks for it, and return the address that sets a password."""
    house.sign_in(page, "head")
    page.goto(f"{house.address}/volunteers/")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    for _ in range(6):
        first = page.locator(".page-head a.button-primary")
        if not first.count():
            break
        first.click()
        if page.locator("#authority").count():
            page.locator("input[name=outcome][value=passed]").check()
            page.locator("#authority").fill("街道派出所")
            page.locator("#reference").fill("核查2026-118")
        page.locator("main form button[type=submit].button-primary").click()
        page.wait_for_url(re.compile(r"/volunteers/[0-9a-f-]+$"))
    expect(page.locator(".lead")).to_contain_text("已录用")
    with house.database.reading(EVERYTHING) as session:
        number = session.scalars(select(Volunteer.number).where(Volunteer.name == NAME)).one()
    page.goto(f"{house.address}/accounts/new")
    page.locator("#login").fill(LOGIN)
    page.locator("#display_name").fill(NAME)
    page.locator("#role").select_option(Role.VOLUNTEER.value)
    page.locator("#volunteer").fill(number)
    page.locator("main button[type=submit].button-primary").click()
    return at_home(house, page.locator("#made").input_value())


def set_a_password(page: Page, invitation: str) -> None:
    page.goto(invitation)
    sound(page, "way-invitation")
    page.locator("input[type=password]").first.fill(PASSWORD)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main button[type=submit]").tap()
    expect(page.get_by_role("heading", name="接下来的服务")).to_be_visible()
    sound(page, "way-duties")


def say_when(house: House, page: Page) -> None:
    """Say when one can come, and on which days not."""
    page.get_by_role("link", name="现在填写").tap()
    for part in ("上午", "下午"):
        page.locator(".week-grid label", has_text=f"星期六 {part}").tap()
    page.locator("input[name=away_first]").first.fill("2026-12-24")
    page.locator("input[name=away_last]").first.fill("2026-12-26")
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.get_by_text("已保存，今后按此排期")).to_be_visible()
    sound(page, "way-when")


def address_of_replies(house: House, page: Page) -> str:
    """Ask for another session, and return the secret address that goes out by message."""
    with house.database.writing(EVERYTHING) as session:
        held = another_session(session, house.town, 16, title="书法").id
    page.context.clear_cookies()
    house.sign_in(page, "organizer")
    page.goto(f"{house.address}/asking/sessions/{held}")
    page.get_by_role("button", name=f"询问此人 {NAME}").click()
    expect(page.get_by_text("已询问")).to_be_visible()
    page.goto(f"{house.address}/volunteers/")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    page.get_by_role("link", name="答复链接").click()
    return at_home(house, page.locator(".to-type").inner_text())


def reply(house: House, page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="我来", exact=True).first.tap()
    expect(page.get_by_text("就等您来，谢谢")).to_be_visible()


def subscribe(house: House, page: Page) -> None:
    """Make an address on the phone, and let a calendar program fetch it."""
    page.goto(f"{house.address}/duties/")
    expect(page.get_by_role("link", name="现在填写")).to_have_count(0)
    page.get_by_role("button", name="生成我的订阅地址").tap()
    address = at_home(house, page.locator("#made").input_value())
    sound(page, "way-calendar")
    events = Calendar.from_ical(fetched(address)).walk("VEVENT")
    assert [str(one["STATUS"]) for one in events] == ["CONFIRMED"]


def at_home(house: House, address: str) -> str:
    """Return an address at the port that the house happens to have."""
    return f"{house.address}{urlsplit(address).path}"


def fetched(address: str) -> bytes:
    """Return what a calendar program is given."""
    with urlopen(address) as answer:  # noqa: S310 - the server of this test
        return bytes(answer.read())


def swap(house: House, page: Page, colleague: Page) -> None:
    """Give the afternoon to a colleague, and take the colleague's morning."""
    house.sign_in(colleague, "person-1")
    for giver, taker in ((page, colleague), (colleague, page)):
        for one in (giver, taker):
            one.goto(f"{house.address}/duties/")
        giver.get_by_role("button", name="转给别人").first.tap()
        expect(giver.get_by_text("正在找人接替", exact=True)).to_be_visible()
        taker.reload()
        sound(taker, "way-swap")
        taker.get_by_role("button", name="我来接").tap()
        expect(taker.get_by_text("这次服务由您来接")).to_be_visible()
    with house.database.reading(EVERYTHING) as session:
        own = session.scalars(select(Volunteer).where(Volunteer.name == NAME)).one()
        assert own.id in serving(session, house.town.session)
