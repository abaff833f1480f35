"""A community's director at the desk: the community's children, for what the station above offers, and nothing else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Consent, Registration, Station, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.ids import new_id
from core.domain.registering import Place
from core.domain.vocabulary import ConsentPurpose, StationKind
from tests.functional.browsing import Browser
from tests.functional.county import County
from tests.functional.test_desk_pages import SignIn

DESK = "/registration/"


@dataclass(frozen=True)
class Community:
    """A community below the county's station: its director's browser and two of its children."""

    director: Browser
    child: UUID
    without_consent: UUID


@pytest.fixture
def community(sign_in: SignIn, database: Database, county: County) -> Community:
    """Return a community with a child whose data may be kept, and its director."""
    here = county.here
    with database.writing(EVERYTHING) as session:
        own = Station(kind=StationKind.COMMUNITY, name="青石一社区", slug="qingshi-yi", parent_id=here.station)
        session.add(own)
        session.flush()
        keys = [a_child_of(session, own.id, f"C00{number}") for number in (1, 2)]
        given = {"purpose": ConsentPurpose.DATA, "given_on": date(2026, 9, 1)}
        session.add(Consent(station_id=own.id, child_id=keys[0], **given))
        session.get_one(User, here.users[Role.COMMUNITY_DIRECTOR]).station_id = own.id
    return Community(sign_in(Role.COMMUNITY_DIRECTOR), *keys)


def a_child_of(session: Session, station: UUID, number: str) -> UUID:
    child = Child(
        station_id=station,
        number=number,
        name="社区例童",
        birth_date="2016-05-01",
        created_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    session.add(child)
    session.flush()
    return child.id


def give(browser: Browser, child: UUID, activity: UUID) -> tuple[int, str]:
    form = {"child": str(child), "pick": f"{child}:{activity}", "request": str(new_id())}
    answer = browser.send(f"{DESK}register", form, seen_on=f"{DESK}?child={child}")
    return answer.status_code, answer.headers.get("Location", "")


def test_a_director_registers_a_child_of_the_community_and_takes_it_back(
    community: Community, database: Database, county: County
) -> None:
    page = community.director.get(f"{DESK}?child={community.child}").get_data(as_text=True)
    assert f'value="{community.child}:{county.here.activity}"' in page
    status, receipt = give(community.director, community.child, county.here.activity)
    assert status == 302
    said = community.director.get(receipt)
    assert said.status_code == 200
    assert "社区例童" in said.get_data(as_text=True)
    assert community.director.send(f"{receipt}/undo", {}, seen_on=receipt).status_code == 302
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(Registration).where(Registration.child_id == community.child))
        assert (row.state, row.station_id) == (Place.CANCELLED, county.here.station)


def test_a_director_reaches_no_child_list_or_activity_of_others(
    community: Community, database: Database, county: County
) -> None:
    here, director = county.here, community.director
    assert give(director, here.child, here.activity)[0] == 404
    assert give(director, community.child, county.elsewhere.activity)[0] == 422
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Registration).where(Registration.child_id == community.child)).all() == []
    page = director.get(f"{DESK}?child={community.child}").get_data(as_text=True)
    assert f"/registration/activities/{here.activity}" not in page
    assert director.get(f"/registration/activities/{here.activity}").status_code == 404
    assert director.send(f"/registration/{here.registration}/cancel", {}, seen_on=DESK).status_code == 404


def test_a_receipt_of_others_is_none_of_theirs(community: Community, database: Database, county: County) -> None:
    with database.reading(EVERYTHING) as session:
        request = session.get_one(Registration, county.here.registration).request_id
    receipt = f"/registration/receipts/{request}"
    assert community.director.get(receipt).status_code == 404
    assert community.director.send(f"{receipt}/undo", {}, seen_on=DESK).status_code == 404


def test_what_is_cured_on_another_page_leads_back_with_the_child_picked(community: Community) -> None:
    child, director = community.without_consent, community.director
    cure = f"/consents/children/{child}"
    assert "返回报名台" not in director.get(cure).get_data(as_text=True)
    assert f'href="{cure}"' in director.get(f"{DESK}?child={child}").get_data(as_text=True)
    there = director.get(cure).get_data(as_text=True)
    assert "返回报名台" in there
    assert f"child={child}" in there
