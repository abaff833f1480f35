"""The public page of hours: what it tells and what not, objecting there, and who reads the objection."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import ActivitySession, ServiceEntry, ServiceObjection, Station, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.service_hours import EntryKind
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

PAGE = "/p/qingshi/hours"
OBJECTION = {"text": "那天活动取消了", "contact": "邻居老周"}


@pytest.fixture
def person(county: County, database: Database, clock: MovingClock) -> Iterator[Volunteer]:
    """Show a correction of the hours of the first station's volunteer to anybody."""
    today = clock.now().date()
    with database.writing(EVERYTHING) as session:
        session.get_one(Station, county.here.station).shows_hours = True
        row = session.get_one(Volunteer, county.here.volunteer)
        meeting = session.get_one(ActivitySession, county.here.session)
        own = {"station_id": county.here.station, "volunteer_id": row.id, "session_id": meeting.id}
        session.add(
            ServiceEntry(
                kind=EntryKind.CORRECTION,
                corrects_id=county.here.entry,
                reason="陈某作证",
                served_on=today,
                title="绘画课",
                minutes=90,
                noted_on=today,
                noted_at=clock.now(),
                **own,
            )
        )
        row.phone, row.id_number = "13800138000", "350500199001010018"
    with database.reading(EVERYTHING) as session:
        yield session.get_one(Volunteer, county.here.volunteer)


def objecting(visitor: Browser) -> str:
    """Return the address of the form of the line that is shown."""
    address = visitor.get(PAGE).get_data(as_text=True).partition(f'href="{PAGE}/')[2].partition('"')[0]
    assert len(address) == 12
    return f"{PAGE}/{address}"


def test_anybody_sees_a_masked_name_and_nothing_by_which_somebody_is_found(
    app: Flask, county: County, person: Volunteer
) -> None:
    visitor = Browser(app.test_client())
    assert PAGE in visitor.get("/p/qingshi").get_data(as_text=True)
    for path in (PAGE, objecting(visitor)):
        answer = visitor.get(path)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("noindex, nofollow", "no-store")
        assert [word for word in (f"{person.name[0]}*", "绘画课", "1.5") if word not in text] == []
        found = (person.name, person.number, "13800138000", "350500199001010018", "陈某", str(person.id), person.id.hex)
        assert [word for word in found if word in text] == []


def test_a_station_that_shows_no_hours_has_no_such_page(
    app: Flask, county: County, database: Database, person: Volunteer
) -> None:
    visitor = Browser(app.test_client())
    path = objecting(visitor)
    with database.writing(EVERYTHING) as session:
        session.get_one(Station, county.here.station).shows_hours = False
    assert [visitor.get(each).status_code for each in (PAGE, path)] == [404, 404]
    assert PAGE not in visitor.get("/p/qingshi").get_data(as_text=True)
    assert visitor.get("/p/nowhere/hours").status_code == 404


def test_an_objection_goes_to_the_station_which_alone_reads_it(
    app: Flask, county: County, database: Database, person: Volunteer, sign_in: Callable[[Role], Browser]
) -> None:
    visitor = Browser(app.test_client())
    path = objecting(visitor)
    refused = visitor.send(path, {"text": "", "contact": "邻居老周"})
    assert refused.status_code == 422
    assert "邻居老周" in refused.get_data(as_text=True), "Nothing that was entered is lost."
    assert visitor.send(path, OBJECTION).headers["Location"].endswith(PAGE)
    assert "异议已提交" in visitor.get(PAGE).get_data(as_text=True)
    desk = sign_in(Role.STATION_STAFF).get("/hours/").get_data(as_text=True)
    assert [word for word in (*OBJECTION.values(), "来自公示页", PAGE) if word not in desk] == []
    mine = sign_in(Role.VOLUNTEER).get("/hours/mine").get_data(as_text=True)
    assert "有人对这条时长提出异议" in mine
    assert [word for word in OBJECTION.values() if word in mine] == []


def test_not_too_many_objections_come_from_one_place(app: Flask, database: Database, person: Volunteer) -> None:
    visitor = Browser(app.test_client())
    path = objecting(visitor)
    assert visitor.client.post(path, data=OBJECTION).status_code == 400, "A form without the page's token."
    answers = [visitor.send(path, OBJECTION).status_code for _ in range(11)]
    assert answers == [302] * 3 + [422] * 7 + [429]
    with database.reading(EVERYTHING) as session:
        assert sum(one.in_public for one in session.scalars(select(ServiceObjection))) == 3
