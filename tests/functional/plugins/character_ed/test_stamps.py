"""Stamps and awards come from attendance: who sees which children's, and what is told without names."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ActivityLine, label
from core.hooks.reports import Period
from plugins.character_ed import commands, reports, services
from plugins.character_ed.models import Award
from tests.functional.browsing import Browser
from tests.functional.county import MovingClock
from tests.functional.plugins.character_ed.conftest import World
from tests.integration.builders import restrict

SignIn = Callable[[Role], Browser]
LATER = timedelta(days=30)


def _page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_each_session_that_a_child_was_at_is_a_stamp(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        cards = services.cards_of_group(session, world.group, date(2026, 12, 31))
    assert [card.total for card in cards] == [3, 2, 2, 2, 2, 1]
    assert cards[0].stamps[ActivityLine.VIRTUES] == 2
    assert cards[0].stamps[ActivityLine.LEARNING] == 1
    assert [[award.name for award in card.awards] for card in cards[:2]] == [["小苗奖", "双线奖"], ["小苗奖"]]
    assert cards[5].awards == ()


def test_stamps_count_by_the_end_of_the_day_that_is_asked_for(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        first_day = services.cards_of_group(session, world.group, date(2026, 11, 28))
    assert [card.total for card in first_day] == [1] * 6


def test_awards_of_another_station_are_not_reached_with_stamps_of_this_one(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        counted = {award.name: count for award, count in services.reached(session, date(2026, 12, 31))}
    assert counted == {"小苗奖": 5, "双线奖": 1, "远桥奖": 0}
    assert world.children


@pytest.mark.parametrize("role", [Role.HEAD, Role.ORGANIZER, Role.STATION_STAFF])
def test_staff_read_a_groups_stamps_and_awards(world: World, sign_in: SignIn, clock: MovingClock, role: Role) -> None:
    clock.advance(LATER)
    browser = sign_in(role)
    listed = _page(browser, "/character-ed/stamps")
    assert "青石中年级" in listed
    assert "小苗奖" in listed
    assert "远桥" not in listed
    page = _page(browser, f"/character-ed/stamps/{world.group}")
    assert "C000 青童0 0 0 1 0 2 3" in page
    assert "C005 青童5 0 0 0 0 1 1 —" in page


def test_nothing_is_reckoned_up_of_a_child_under_restricted_use(
    world: World, sign_in: SignIn, clock: MovingClock, database: Database
) -> None:
    clock.advance(LATER)
    with database.writing(EVERYTHING) as session:
        restrict(session, world.children[0])
    staff = sign_in(Role.STATION_STAFF)
    page = _page(staff, f"/character-ed/stamps/{world.group}")
    assert "C000 青童0 限制处理：不作统计 — — — — — — —" in page
    assert "C005 青童5 0 0 0 0 1 1 —" in page
    assert _page(staff, f"/character-ed/stamps/{world.group}/cards").count("青童") == 5


def test_cards_can_be_printed(world: World, sign_in: SignIn, clock: MovingClock) -> None:
    clock.advance(LATER)
    page = _page(sign_in(Role.STATION_STAFF), f"/character-ed/stamps/{world.group}/cards")
    assert page.count("青童") == 6
    assert "★★ 2" in page


def test_a_group_without_children_says_so(world: World, sign_in: SignIn) -> None:
    browser = sign_in(Role.STATION_STAFF)
    for path in ("", "/cards"):
        answer = browser.get(f"/character-ed/stamps/{world.empty_group}{path}").get_data(as_text=True)
        assert "There are no children in this group." in answer or "这个小组里还没有儿童。" in answer


def test_groups_of_other_stations_are_out_of_reach(world: World, sign_in: SignIn) -> None:
    browser = sign_in(Role.HEAD)
    for path in ("", "/cards"):
        assert browser.get(f"/character-ed/stamps/{world.other_group}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/stamps", "/stamps/{group}", "/stamps/{group}/cards", "/mix"])
def test_volunteers_and_visitors_see_none_of_it(world: World, sign_in: SignIn, visitor: FlaskClient, path: str) -> None:
    address = "/character-ed" + path.format(group=world.group)
    assert sign_in(Role.VOLUNTEER).get(address).status_code == 403
    assert visitor.get(address).status_code == 302


def test_the_report_counts_by_line_and_tells_nothing_of_fewer_than_five(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        table = reports.by_line(session, Period(world.station, date(2026, 11, 1), date(2026, 12, 31)))
        before = reports.by_line(session, Period(world.station, date(2026, 1, 1), date(2026, 11, 27)))
    rows = {str(row[0]): row[1:] for row in table.rows}
    assert rows[str(label(ActivityLine.VIRTUES))] == (2, 6, 11)
    assert rows[str(label(ActivityLine.LEARNING))] == (1, None, None)
    assert all(row[1:] == (0, None, None) for row in before.rows)


def test_the_report_counts_awards_and_tells_nothing_of_fewer_than_five(world: World, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        table = reports.awards(session, Period(world.station, date(2026, 11, 1), date(2026, 12, 31)))
    assert {row[0]: row[2] for row in table.rows} == {"小苗奖": 5, "双线奖": None, "远桥奖": None}


def test_the_command_counts_awards_without_names(world: World, database: Database, clock: MovingClock) -> None:
    clock.advance(LATER)
    with database.reading(EVERYTHING) as session:
        said = [str(line) for line in commands.awards(session, clock, {})]
    assert said == [
        "远桥奖 (1 stamps): fewer than 5 children",
        "小苗奖 (2 stamps): 5 children",
        "双线奖 (3 stamps): fewer than 5 children",
    ]
    assert world.children


def test_the_command_says_where_awards_come_from(world: World, database: Database, clock: MovingClock) -> None:
    with database.writing(EVERYTHING) as session:
        session.query(Award).delete()
        said = commands.awards(session, clock, {})
    assert [str(line) for line in said] == ["No awards have been entered: the back office takes them."]
    assert world.children
