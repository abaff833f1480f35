"""On a phone at the door: a child comes, somebody who may not take it raises the alarm, it goes home with its aunt."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.db.models import ActivityGroup, GroupMember, Handover, OutboxNotice, PickUpPerson
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.notices import NoticeKind
from core.services.door import let_in
from tests.browser.test_hours import at_session
from tests.browser.test_replying import House, a_phone, house, sound
from tests.integration.builders import a_child, a_group, an_account

__all__ = ["house"]
pytestmark = pytest.mark.browser


def expect_a_child(house: House) -> None:
    """Let a child be expected, whom an aunt may pick up and an uncle may not; the head can be told."""
    with house.database.writing(EVERYTHING) as session:
        held, station = house.town.session, house.town.station
        child, group = a_child(session, station, name="样小朋友"), a_group(session, station)
        own = {"station_id": station.id}
        session.add(GroupMember(group_id=group.id, child_id=child.id, **own))
        session.add(ActivityGroup(group_id=group.id, activity_id=held.activity_id, **own))
        aunt, uncle = (PickUpPerson(child_id=child.id, allowed=allowed, **own) for allowed in (True, False))
        session.add_all((aunt, uncle))
        aunt.name, aunt.relation, uncle.name, uncle.relation = "好阿姨", "姨母", "坏叔叔", "叔叔"
        an_account(session, station, role=Role.HEAD)


def let_two_in(house: House) -> None:
    with house.database.writing(EVERYTHING) as session:
        for person in house.town.people[:2]:
            now = house.town.session.starts_at
            assert now is not None
            let_in(session, SYSTEM, house.clock, house.town.session.id, person.id, now=now)


def test_a_child_comes_and_goes_home_and_whoever_may_not_raises_the_alarm(house: House, chromium: Browser) -> None:
    expect_a_child(house)
    at_session(house, -10)
    phone = a_phone(chromium)
    page = phone.new_page()
    house.sign_in(page, "organizer")
    let_two_in(house)
    page.goto(f"{house.address}/sessions/{house.town.session.id}/door")
    sound(page)
    page.goto(f"{house.address}/sessions/{house.town.session.id}/door/children")
    sound(page)
    page.get_by_role("button", name="到场").tap()
    expect(page.get_by_text("在场儿童1人")).to_be_visible()
    page.get_by_role("button", name="离站回家").tap()
    expect(page.get_by_role("heading", name="谁来接样小朋友")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="坏叔叔").tap()
    expect(page.get_by_role("heading", name="不要交出孩子")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="孩子已安全").tap()
    expect(page.get_by_text("有禁止接走的人来接过仍在场的儿童")).to_be_visible()
    page.get_by_role("button", name="离站回家").tap()
    page.get_by_role("button", name="好阿姨").tap()
    expect(page.get_by_text("在场儿童0人")).to_be_visible()
    page.goto(f"{house.address}/sessions/{house.town.session.id}/roster")
    sound(page)
    phone.close()
    with house.database.reading(EVERYTHING) as session:
        row = session.scalars(select(Handover)).one()
        kinds = session.scalars(select(OutboxNotice.kind)).all()
        assert row.left_at is not None
        assert row.alarm_at is not None
        assert NoticeKind.PICKUP_ALARM in kinds
