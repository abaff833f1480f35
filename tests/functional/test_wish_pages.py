"""A family's wishes at its guardian's address: ranked by tapping, saved once, never lost and never another's."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import AuditEntry, Child, Station, WishList
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.vocabulary import GuardianAccess
from core.services import guardian_links as links
from core.services.sealed_files import seal
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.wishing_family import Address, a_told_term, an_address
from tests.integration.wishing import Wished

Enter = Callable[[Address], Browser]


@pytest.fixture
def wished(database: Database, county: County) -> Wished:
    """Store a term that takes wishes for three activities from two children."""
    with database.writing(EVERYTHING) as session:
        return a_told_term(session, session.get_one(Station, county.here.station))


@pytest.fixture
def address(database: Database, clock: MovingClock, wished: Wished) -> Address:
    """Return the address of a guardian of the first child."""
    with database.writing(EVERYTHING) as session:
        return an_address(session, clock, wished.children[0])


@pytest.fixture
def enter(app: Flask) -> Enter:
    """Return what opens an address in a browser of its own."""

    def enter(address: Address) -> Browser:
        browser = Browser(app.test_client())
        assert browser.send(address.path, {"code": address.code}).status_code == 302
        return browser

    return enter


def page_of(address: Address, wished: Wished) -> str:
    return f"{address.path}/wishes/{wished.term}"


def ranking(wished: Wished, *ranked: int, seen: int = 0, deed: str = "save", **more: object) -> dict[str, object]:
    """Return the form with activities by their position."""
    keys = [str(wished.activities[one]) for one in ranked]
    return {"ranked": keys, "seen": str(seen), "deed": deed, "term": str(wished.term), **more}


def stored(database: Database, child: UUID) -> list[WishList]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(WishList).where(WishList.child_id == child)))


def test_a_family_ranks_by_buttons_and_saves(
    enter: Enter, address: Address, wished: Wished, database: Database
) -> None:
    browser, page = enter(address), page_of(address, wished)
    assert f"/wishes/{wished.term}" in browser.get(address.path).get_data(as_text=True)
    first = browser.get(page).get_data(as_text=True)
    assert "还没有保存" in first
    assert "先填后填，机会一样" in first
    added = browser.send(page, ranking(wished, 0, deed=f"add:{wished.activities[2]}")).get_data(as_text=True)
    assert "有改动，还没有保存" in added
    assert stored(database, wished.children[0]) == []
    moved = browser.send(page, ranking(wished, 0, 2, deed=f"up:{wished.activities[2]}")).get_data(as_text=True)
    assert moved.index(f'data-wish="{wished.activities[2]}"') < moved.index(f'data-wish="{wished.activities[0]}"')
    assert browser.send(page, ranking(wished, 2, 0, most="1")).status_code == 303
    (row,) = stored(database, wished.children[0])
    assert row.ranked == [str(wished.activities[2]), str(wished.activities[0])]
    assert (row.most, row.guardian_id, row.changed_by) == (1, address.guardian, None)
    shown = browser.get(page).get_data(as_text=True)
    assert "已保存" in shown
    assert row.code in shown


def test_a_form_that_is_sent_twice_saves_once(
    enter: Enter, address: Address, wished: Wished, database: Database
) -> None:
    browser, page = enter(address), page_of(address, wished)
    for _ in range(3):
        assert browser.send(page, ranking(wished, 1, 0)).status_code == 303
    assert [row.revision for row in stored(database, wished.children[0])] == [1]
    with database.reading(EVERYTHING) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "wishes.saved")).all()
        assert len(told) == 1


def test_who_saves_over_another_guardians_list_sees_both_and_loses_none(
    enter: Enter, address: Address, wished: Wished, database: Database, clock: MovingClock
) -> None:
    with database.writing(EVERYTHING) as session:
        other = an_address(session, clock, wished.children[0])
    mother, father, page = enter(address), enter(other), page_of(other, wished)
    assert mother.send(page_of(address, wished), ranking(wished, 0)).status_code == 303
    answer = father.send(page, ranking(wished, 1, 2))
    both = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "这一页上的，还没有保存" in both
    assert "别人已经保存的" in both
    assert [row.ranked for row in stored(database, wished.children[0])] == [[str(wished.activities[0])]]
    assert father.send(page, ranking(wished, 1, 2, 0, seen=1)).status_code == 303
    (row,) = stored(database, wished.children[0])
    assert row.ranked == [str(wished.activities[one]) for one in (1, 2, 0)]


def test_a_list_that_comes_too_late_stays_on_the_page(
    enter: Enter, address: Address, wished: Wished, database: Database, clock: MovingClock
) -> None:
    browser, page = enter(address), page_of(address, wished)
    clock.advance(timedelta(hours=3))
    again = Browser(browser.client)
    assert again.send(address.path, {"code": address.code}, seen_on="/account/sign-in").status_code == 302
    answer = browser.send(page, ranking(wished, 2), seen_on="/account/sign-in")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "这一页上的名单没有保存" in said
    assert said.count("<li>") >= 1
    assert stored(database, wished.children[0]) == []


def test_a_list_waits_for_the_code_where_the_pages_have_closed(
    enter: Enter, address: Address, wished: Wished, database: Database, clock: MovingClock
) -> None:
    browser, page = enter(address), page_of(address, wished)
    clock.advance(timedelta(minutes=31))
    form = ranking(wished, 2, 1, friend=["ABC234"])
    late = browser.send(page, form, seen_on="/account/sign-in")
    assert late.status_code == 401
    assert str(wished.activities[2]) in late.get_data(as_text=True)
    wrong = browser.send(address.path, {**form, "code": "x"}, seen_on="/account/sign-in")
    assert str(wished.activities[2]) in wrong.get_data(as_text=True)
    back = browser.send(address.path, {**form, "code": address.code}, seen_on="/account/sign-in")
    text = back.get_data(as_text=True)
    assert back.status_code == 200
    assert text.index(str(wished.activities[2])) < text.index(str(wished.activities[1]))
    assert "有改动，还没有保存" in text
    assert "ABC234" in text
    assert stored(database, wished.children[0]) == []


@pytest.mark.parametrize("way", ["restricted", "none", "sealed"])
def test_who_has_no_full_access_learns_nothing_of_wishes(
    enter: Enter, address: Address, wished: Wished, database: Database, clock: MovingClock, way: str
) -> None:
    browser = enter(address)
    with database.writing(EVERYTHING) as session:
        if way == "sealed":
            seal(session, SYSTEM, clock, wished.children[0], ())
        else:
            links.decide_access(session, SYSTEM, clock, address.guardian, GuardianAccess(way))
    page = page_of(address, wished)
    assert browser.get(page).status_code == 404
    assert browser.send(page, ranking(wished, 0), seen_on="/account/sign-in").status_code == 404
    assert stored(database, wished.children[0]) == []
    overview = browser.get(address.path)
    assert overview.status_code == (200 if way == "restricted" else 404)
    assert "志愿" not in overview.get_data(as_text=True)
    late = browser.send(address.path, {"code": address.code, "term": str(wished.term)}, seen_on="/account/sign-in")
    assert late.status_code == 404


def test_a_term_of_another_station_is_not_found(enter: Enter, address: Address, wished: Wished, county: County) -> None:
    browser = enter(address)
    assert browser.get(f"{address.path}/wishes/{county.elsewhere.term}").status_code == 404
    assert browser.get(f"{address.path}/wishes/{county.here.term}").status_code == 404


def test_nothing_is_shown_before_the_code(app: Flask, address: Address, wished: Wished) -> None:
    browser = Browser(app.test_client())
    assert browser.get(page_of(address, wished)).status_code == 302
    sent = browser.send(page_of(address, wished), ranking(wished, 0), seen_on="/account/sign-in")
    assert sent.status_code == 401


def test_of_a_friend_nobody_learns_more_than_that_both_families_agree(
    enter: Enter, address: Address, wished: Wished, database: Database, clock: MovingClock
) -> None:
    with database.writing(EVERYTHING) as session:
        theirs = an_address(session, clock, wished.children[1])
        session.get_one(Child, wished.children[1]).name = "例小友"
    one, two = enter(address), enter(theirs)
    assert two.send(page_of(theirs, wished), ranking(wished, 1)).status_code == 303
    code = stored(database, wished.children[1])[0].code
    typed = f"{code[:3].lower()} {code[3:]}"
    assert one.send(page_of(address, wished), ranking(wished, 0, friend=[typed])).status_code == 303
    waiting = one.get(page_of(address, wished)).get_data(as_text=True)
    assert "对方家里还没有填" in waiting
    own = stored(database, wished.children[0])[0].code
    assert two.send(page_of(theirs, wished), ranking(wished, 1, seen=1, friend=[own])).status_code == 303
    agreed = one.get(page_of(address, wished)).get_data(as_text=True)
    assert "两家都填了" in agreed
    assert "例小友" not in waiting + agreed
    assert stored(database, wished.children[1])[0].number not in agreed


def test_a_strange_form_is_refused_and_stays_on_the_page(enter: Enter, address: Address, wished: Wished) -> None:
    browser, page = enter(address), page_of(address, wished)
    assert browser.send(page, ranking(wished, 0, friend=["ABC"])).status_code == 422
    assert browser.send(page, ranking(wished, 0, most="99")).status_code == 422
    assert browser.client.post(page, data=ranking(wished, 0)).status_code == 400
    kept = browser.send(page, {**ranking(wished, 0), "ranked": ["x", str(wished.activities[0])], "seen": "x"})
    assert kept.status_code == 303
