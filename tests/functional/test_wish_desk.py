"""Wishes at the desk: entered for one child after the other, put together, and who has given none yet."""

import pytest
from sqlalchemy import select

from core.db.models import Activity, Child, Guardian, Registration, Station, WishList
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import GuardianAccess, Relation
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.test_desk_pages import SignIn
from tests.functional.test_places_pages import Here, result_page
from tests.functional.wishing_family import a_told_term, an_address
from tests.integration.wishing import TO_THE_DRAW, Wished

WISHES = "/registration/wishes/terms"


@pytest.fixture
def engine(database: Database, clock: MovingClock) -> Here:
    """Return what carries out the runs that the pages ask for."""
    return Here(database, clock)


@pytest.fixture
def wished(database: Database, county: County) -> Wished:
    """Store a term that takes wishes for two activities from two children with the same guardian's phone."""
    with database.writing(EVERYTHING) as session:
        found = a_told_term(session, session.get_one(Station, county.here.station), activities=2)
        for key, name in zip(found.children, ("例姐", "例弟"), strict=True):
            child = session.get_one(Child, key)
            child.name = name
            own = {"station_id": child.station_id, "child_id": key, "relation": Relation.MOTHER}
            session.add(Guardian(name="例母", phone="13800000002", phone_index=b"f" * 32, **own))
        return found


def page_of(wished: Wished, child: int) -> str:
    return f"{WISHES}/{wished.term}/children/{wished.children[child]}"


def enter(staff: Browser, wished: Wished, child: int, *ranked: int, seen: int = 0) -> int:
    form = {"ranked": [str(wished.activities[one]) for one in ranked], "seen": str(seen), "deed": "save"}
    return staff.send(page_of(wished, child), form).status_code


def test_lists_are_entered_for_brothers_and_sisters_who_are_put_together(
    sign_in: SignIn, database: Database, wished: Wished
) -> None:
    staff = sign_in(Role.STATION_STAFF)
    desk = staff.get(f"/registration/?child={wished.children[0]}&term={wished.term}").get_data(as_text=True)
    assert page_of(wished, 0) in desk
    first = staff.get(page_of(wished, 0)).get_data(as_text=True)
    assert "例弟" in first
    early = {"other": str(wished.children[1])}
    assert staff.send(f"{page_of(wished, 0)}/together", early, seen_on=page_of(wished, 0)).status_code == 422
    assert [enter(staff, wished, child, 1, 0) for child in range(2)] == [303, 303]
    assert staff.send(f"{page_of(wished, 0)}/together", early, seen_on=page_of(wished, 0)).status_code == 303
    with database.reading(EVERYTHING) as session:
        one, two = session.scalars(select(WishList).where(WishList.term_id == wished.term)).all()
        assert (one.friends, two.friends) == ([two.code], [one.code])
    again = {**early, "deed": "apart"}
    assert staff.send(f"{page_of(wished, 0)}/together", again, seen_on=page_of(wished, 0)).status_code == 303
    with database.reading(EVERYTHING) as session:
        assert [row.friends for row in session.scalars(select(WishList))] == [[], []]


def test_who_has_given_none_is_listed_with_how_to_reach_the_family(
    sign_in: SignIn, database: Database, clock: MovingClock, county: County, wished: Wished
) -> None:
    with database.writing(EVERYTHING) as session:
        an_address(session, clock, wished.children[1], GuardianAccess.FULL)
    staff, page = sign_in(Role.STATION_STAFF), f"{WISHES}/{wished.term}"
    both = staff.get(page).get_data(as_text=True)
    assert "例姐" in both
    assert "打电话问" in both
    assert "家里有专用链接" in both
    assert enter(staff, wished, 0, 0) == 303
    left = staff.get(f"{page}?station={county.here.station}").get_data(as_text=True)
    assert "例姐" not in left
    assert "例弟" in left
    assert "1名儿童已填志愿" in left
    assert staff.get(f"{WISHES}/{county.elsewhere.term}").status_code == 404


def test_a_list_that_the_family_changed_meanwhile_is_shown_beside(
    sign_in: SignIn, database: Database, clock: MovingClock, wished: Wished
) -> None:
    with database.writing(EVERYTHING) as session:
        address = an_address(session, clock, wished.children[0])
    staff, family = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    assert family.send(address.path, {"code": address.code}).status_code == 302
    given = {"ranked": [str(wished.activities[0])], "seen": "0", "deed": "save"}
    assert family.send(f"{address.path}/wishes/{wished.term}", given).status_code == 303
    answer = staff.send(page_of(wished, 0), {**given, "ranked": [str(wished.activities[1])]})
    assert answer.status_code == 422
    assert "家长填的" in answer.get_data(as_text=True)


def test_a_family_reads_what_came_of_its_wishes_and_why_not(
    sign_in: SignIn, database: Database, clock: MovingClock, wished: Wished
) -> None:
    staff = sign_in(Role.STATION_STAFF)
    assert [enter(staff, wished, child, 0) for child in range(2)] == [303, 303]
    with database.writing(EVERYTHING) as session:
        addresses = [an_address(session, clock, child) for child in wished.children]
        # Held outside, so that no room is asked for.
        session.get_one(Activity, wished.activities[0]).zones = []
    clock.advance(TO_THE_DRAW)
    browsers = [Browser(sign_in(Role.AUDITOR).client.application.test_client()) for _ in addresses]
    for browser, address in zip(browsers, addresses, strict=True):
        assert browser.send(address.path, {"code": address.code}).status_code == 302
    pages = [f"{address.path}/wishes/{wished.term}" for address in addresses]
    waiting = browsers[0].get(pages[0]).get_data(as_text=True)
    assert "正在分名额" in waiting
    where = result_page(sign_in(Role.STATION_STAFF), wished)
    assert "正在分名额" in browsers[0].get(pages[0]).get_data(as_text=True)
    staff = sign_in(Role.STATION_STAFF)
    assert staff.send(f"{where}/publish", {"sure": "y"}, seen_on=where).status_code == 302
    told = [browser.get(page).get_data(as_text=True) for browser, page in zip(browsers, pages, strict=True)]
    assert sorted(("已分到" in text, "排队等候中" in text) for text in told) == [(False, True), (True, False)]
    with database.writing(EVERYTHING) as session:
        for row in session.scalars(select(Registration).where(Registration.position.is_not(None))):
            session.delete(row)
    told = [browser.get(page).get_data(as_text=True) for browser, page in zip(browsers, pages, strict=True)]
    (loser,) = [text for text in told if "已分到" not in text]
    assert "没有分到" in loser
    assert "抽签抽中了他们" in loser
