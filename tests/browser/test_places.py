"""Giving places in Chromium: from the draw to the families who are to be told, on a phone and on a desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from core.db.models import Station
from core.domain.actor import EVERYTHING
from core.security.keys import Keys, write_keys
from core.security.vault import Vault
from tests.browser.conftest import Site
from tests.browser.test_pages import page, violations, width_beyond
from tests.databases import migrated
from tests.functional.county import PASSWORD, MovingClock, found_county
from tests.functional.test_places_pages import Here
from tests.integration.registering import Hands
from tests.integration.timetable import NO_PLUGINS
from tests.integration.wishing import TO_THE_DRAW, Wished, a_wish_term, wish

__all__ = ["page"]
pytestmark = pytest.mark.browser
LOGIN = "head@qingshi"
DRAW = {
    "期号": "2026137",
    "开奖日期": "2026-11-29",
    "六个红球号码": "2 6 9 17 18 33",
    "蓝球号码": "11",
    "号码出处": "中国福彩网",
}


@dataclass(frozen=True)
class Office:
    """A served station, after the evening of the draw, whose three children wish for the same place."""

    site: Site
    wished: Wished


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Serve a station with a county around it."""
    settings, keys, clock = Settings.in_directory(tmp_path, second_factor_forced=False), Keys.fresh(), MovingClock()
    write_keys(settings.key_file, keys)
    database = migrated(settings.data_dir / "weibao.db", Vault(keys))
    with database.writing(EVERYTHING) as session:
        here = found_county(session, clock).here.station
        wished = a_wish_term(session, station=session.get_one(Station, here), children=3)
        hands = Hands()
        for child in range(3):
            wish(session, wished, child, *((0, 1) if child else (0,)), clock=hands)
    clock.advance(TO_THE_DRAW)
    app = create_app(settings, plugins=NO_PLUGINS, database=database, clock=clock, engine=Here(database, clock))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Office(Site(f"http://127.0.0.1:{server.server_port}", {LOGIN: PASSWORD}, tmp_path), wished)
    server.shutdown()
    database.dispose()


def test_from_the_draw_to_the_families_to_tell(office: Office, page: Page) -> None:
    office.site.sign_in(page, LOGIN)
    page.goto(f"{office.site.address}/registration/places/terms/{office.wished.term}")
    for label, text in (
        ("期号", "2026137"),
        ("开奖日期", "2026-11-29"),
        ("六个红球号码", "2 6 9 17 18 33"),
        ("蓝球号码", "11"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("号码出处", exact=True).fill("中国福彩网")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("202613702060917183311")).to_be_visible()
    assert violations(page) == []
    assert width_beyond(page) <= 0
    page.get_by_label("已公布的排期中人手到位的活动才开班").uncheck()
    page.get_by_role("button", name="分配名额").click()
    expect(page.get_by_text("已证明最优").first).to_be_visible()
    assert violations(page) == []
    assert width_beyond(page) <= 0
    expect(page.get_by_role("heading", name="一个名额也没有的儿童")).to_be_visible()
    page.locator("summary").first.click()
    page.get_by_label("我已看过结果").check()
    page.get_by_role("button", name="公布名额").click()
    expect(page.get_by_text("已登记2个名额，候补2人次")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="待通知家庭").click()
    expect(page.get_by_role("table")).to_contain_text("已录取")
