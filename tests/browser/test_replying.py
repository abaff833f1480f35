"""Volunteers answer on a phone: by their secret address without a password, and signed in they swap a duty."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from core.db.models import DutyRequest, OutboxNotice, User, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.replies import RequestState
from core.hooks.manager import load_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.accounts import add_user
from core.services.replies.asking import ask
from core.services.volunteer_links import address_of
from tests.browser.test_pages import violations, width_beyond
from tests.browser.test_wishes import PHONE, too_small
from tests.databases import migrated
from tests.functional.county import PASSWORD, MovingClock
from tests.integration.asked import LEAD, Weekend, a_weekend, another_session, entry, serving
from tests.integration.builders import BEFORE

pytestmark = pytest.mark.browser
DESK = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class House:
    """A served installation with a weekend for which people are asked."""

    address: str
    database: Database
    clock: MovingClock
    town: Weekend
    path: str

    def states(self) -> list[RequestState]:
        """Return where all requests stand, by the time of their session."""
        with self.database.reading(EVERYTHING) as session:
            rows = session.scalars(select(DutyRequest).order_by(DutyRequest.starts_at, DutyRequest.id))
            return [one.state for one in rows]

    def sign_in(self, page: Page, login: str) -> None:
        """Sign in by the form."""
        page.goto(f"{self.address}/account/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Serve a weekend: the third person is asked for two sessions; three of the people and two of staff can sign in."""
    clock, database = MovingClock(), migrated(tmp_path / "weibao.db", Vault(Keys.fresh()))
    with database.writing(EVERYTHING) as session:
        town = a_weekend(session)
        other = another_session(session, town, 14, title="象棋", serving=town.people[:1])
        for number in range(3):
            _account(session, clock, town, f"person-{number}", Role.VOLUNTEER, number)
        for role in (Role.ORGANIZER, Role.HEAD):
            _account(session, clock, town, role.value, role)
        for row in (town.session, other):
            ask(session, town.desk(), row.id, LEAD, town.people[2].id)
        # What others have read anew since is read once more: the rows outlive their session.
        for one in (town.station, town.term, town.session, town.organizer, *town.people):
            session.refresh(one)
        path = f"/duties/by-link/{address_of(session, SYSTEM, clock, town.people[2].id)}"
    app = create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), load_hooks(only=()), database=database, clock=clock
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield House(f"http://127.0.0.1:{server.server_port}", database, clock, town, path)
    server.shutdown()
    database.dispose()


def _account(session: object, clock: MovingClock, town: Weekend, login: str, role: Role, number: int = 0) -> User:
    return add_user(
        session,  # type: ignore[arg-type]
        SYSTEM,
        clock,
        login=login,
        display_name=login,
        password=PASSWORD,
        role=role,
        station_id=town.station.id,
        volunteer_id=town.people[number].id if role is Role.VOLUNTEER else None,
    )


def a_phone(chromium: Browser) -> BrowserContext:
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    context.set_default_timeout(15_000)
    return context


def sound(page: Page, name: str = "") -> None:
    """Find nothing wrong with a page on a phone, and keep its picture where `WEIBAO_SCREENSHOTS` says, if named."""
    assert violations(page) == []
    assert width_beyond(page) <= 0
    assert too_small(page) == []
    if (folder := os.environ.get("WEIBAO_SCREENSHOTS")) and name:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_one_duty_is_taken_and_one_declined_with_a_reason_without_any_password(house: House, chromium: Browser) -> None:
    phone = a_phone(chromium)
    page = phone.new_page()
    page.goto(f"{house.address}{house.path}")
    page.goto(f"{house.address}{house.path}")
    assert house.states() == [RequestState.ASKED] * 2
    expect(page.get_by_role("heading", name="想请您来")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="我来", exact=True).first.tap()
    expect(page.get_by_text("就等您来，谢谢")).to_be_visible()
    page.get_by_text("来不了", exact=True).tap()
    page.get_by_label("方便说说原因吗").fill("要考试")
    sound(page)
    page.get_by_role("button", name="那个时间我来不了").tap()
    expect(page.get_by_text("要考试")).to_be_visible()
    sound(page)
    assert house.states() == [RequestState.ACCEPTED, RequestState.DECLINED]
    desk = chromium.new_context(viewport=PHONE, locale="zh-CN").new_page()
    house.sign_in(desk, "organizer")
    desk.goto(f"{house.address}/asking/")
    desk.get_by_role("link", name="另找一个班次").click()
    expect(desk.get_by_text("原来询问的")).to_be_visible()
    sound(desk, "instead")
    page.get_by_role("button", name="撤回我的答复").last.tap()
    expect(page.get_by_text("答复已撤回")).to_be_visible()
    assert house.states() == [RequestState.ACCEPTED, RequestState.ASKED]
    with house.database.reading(EVERYTHING) as session:
        assert entry(session, house.town.people[2], house.town.session) == "confirmed"
    phone.close()


def test_a_duty_is_swapped_between_two_phones(house: House, chromium: Browser) -> None:
    giver, taker = a_phone(chromium), a_phone(chromium)
    theirs, page = giver.new_page(), taker.new_page()
    house.sign_in(theirs, "person-1")
    expect(theirs.get_by_role("heading", name="接下来的服务")).to_be_visible()
    sound(theirs)
    theirs.get_by_role("button", name="转给别人").tap()
    expect(theirs.get_by_text("正在找人接替", exact=True)).to_be_visible()
    house.sign_in(page, "person-2")
    expect(page.get_by_role("heading", name="有人在找接替")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="我来接").tap()
    expect(page.get_by_text("这次服务由您来接")).to_be_visible()
    sound(page)
    theirs.reload()
    expect(theirs.get_by_text("正在找人接替", exact=True)).to_have_count(0)
    with house.database.reading(EVERYTHING) as session:
        first, _second, third = house.town.people[:3]
        assert serving(session, house.town.session) == {first.id, third.id}
    giver.close()
    taker.close()


def test_an_organizer_sees_what_became_unsafe_and_mends_it_with_one_tap(house: House, chromium: Browser) -> None:
    phone, desk = a_phone(chromium), chromium.new_context(viewport=DESK, locale="zh-CN")
    theirs, page = phone.new_page(), desk.new_page()
    house.sign_in(theirs, "person-1")
    theirs.get_by_role("button", name="我来不了").tap()
    theirs.get_by_role("dialog").get_by_role("button", name="我来不了").tap()
    expect(theirs.get_by_text("会另外找人")).to_be_visible()
    house.sign_in(page, "organizer")
    expect(page.get_by_text("补人前不安全").first).to_be_visible()
    page.get_by_role("link", name="找人到岗").first.click()
    expect(page.get_by_text("到岗后即符合安全要求").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="询问此人").first.click()
    expect(page.get_by_text("已询问")).to_be_visible()
    assert width_beyond(page) <= 0
    assert house.states().count(RequestState.ASKED) == 3
    with house.database.reading(EVERYTHING) as session:
        kinds = [one.kind.value for one in session.scalars(select(OutboxNotice))]
    assert kinds.count("session_unsafe") == len({"organizer", "head", "the town's own"})
    phone.close()
    desk.close()


def test_an_organizer_takes_a_call_on_the_way_home_and_looks_for_somebody(house: House, chromium: Browser) -> None:
    with house.database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, house.town.people[3].id).phone = "13900000003"
    phone = a_phone(chromium)
    page = phone.new_page()
    house.sign_in(page, "organizer")
    page.goto(f"{house.address}/sessions/{house.town.session.id}")
    page.get_by_role("link", name="找人到岗").tap()
    page.get_by_text("不能到岗", exact=False).first.tap()
    page.get_by_label("对方说明的原因").first.fill("孩子发烧")
    sound(page, "cancelled-by-phone")
    page.get_by_role("button", name="从本场次移出").first.tap()
    expect(page.get_by_text("不能到岗，请在此另外找人")).to_be_visible()
    expect(page.get_by_text("孩子发烧")).to_be_visible()
    expect(page.get_by_text("补人前不安全")).to_be_visible()
    expect(page.get_by_role("link", name="13900000003")).to_have_attribute("href", "tel:13900000003")
    sound(page, "to-mend")
    page.goto(f"{house.address}/asking/")
    expect(page.get_by_text("可以到岗的成年人有1名").first).to_be_visible()
    sound(page, "unsafe")
    page.goto(f"{house.address}/overview")
    expect(page.get_by_role("link", name="找人到岗").first).to_be_visible()
    sound(page, "overview-unsafe")
    with house.database.reading(EVERYTHING) as session:
        assert len(serving(session, house.town.session)) == 1
    phone.close()


def test_the_clock_of_the_house_stands_before_the_weekend(house: House) -> None:
    assert house.clock.now().replace(tzinfo=None) + timedelta(hours=8) == BEFORE
