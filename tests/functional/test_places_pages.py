"""The pages for giving places, as staff use them from the draw to the families who are to be told."""

import json
from uuid import UUID

import pytest
from sqlalchemy import select

from core import allotting
from core.db.models import AllocationRun, AuditEntry, Registration, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.registering import Place
from core.domain.wishing import Errand
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.test_desk_pages import SignIn
from tests.integration.registering import Hands
from tests.integration.timetable import NO_PLUGINS, ZONE
from tests.integration.wishing import SEED, TO_THE_DRAW, Wished, a_wish_term, wish

PLACES = "/registration/places"
DRAW = {"issue": "2026137", "day": "2026-11-29", "reds": "33 02 06 09 17 18", "blue": "11", "source": "中国福彩网"}
RUN = {
    "order": "most_children,fair,wishes,earlier_losers",
    "together": "hard",
    "held_back_percent": "0",
    "minutes_between": "",
    "seconds": "15",
}


class Here:
    """An engine that carries a run out at once, in the test's own process."""

    def __init__(self, database: Database, clock: MovingClock) -> None:
        self._database, self._clock = database, clock

    def start(self, run_id: UUID) -> None:
        """Carry the run out, whatever becomes of it."""
        allotting.carry_out(self._database, NO_PLUGINS, self._clock, ZONE, run_id, "here")


@pytest.fixture
def engine(database: Database, clock: MovingClock) -> Here:
    """Return what carries out the runs that the pages ask for."""
    return Here(database, clock)


@pytest.fixture
def wished(database: Database, county: County, clock: MovingClock) -> Wished:
    """Store a term with a place for one of two children who wish for it, and let time go by to after the draw."""
    with database.writing(EVERYTHING) as session:
        found = a_wish_term(session, station=session.get_one(Station, county.here.station))
        hands = Hands()
        for child in range(2):
            wish(session, found, child, 0, clock=hands)
    clock.advance(TO_THE_DRAW)
    return found


def result_page(staff: Browser, wished: Wished) -> str:
    """Enter the draw, have places given, and return the address of the result."""
    page = f"{PLACES}/terms/{wished.term}"
    assert staff.send(f"{page}/draw", DRAW, seen_on=page).status_code == 302
    answer = staff.send(f"{page}/runs", RUN, seen_on=page)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_staff_draw_give_places_and_publish_them_once(sign_in: SignIn, database: Database, wished: Wished) -> None:
    staff, page = sign_in(Role.STATION_STAFF), f"{PLACES}/terms/{wished.term}"
    assert "2026年11月29日" in staff.get(page).get_data(as_text=True)
    where = result_page(staff, wished)
    assert SEED in staff.get(page).get_data(as_text=True)
    shown = staff.get(where).get_data(as_text=True)
    for word in ("已证明最优", "一个名额也没有的儿童", "抽签"):
        assert word in shown
    assert "/files/" not in shown
    refused = staff.send(f"{where}/publish", {}, seen_on=where)
    assert refused.status_code == 422
    published = staff.send(f"{where}/publish", {"sure": "y"}, seen_on=where)
    assert published.status_code == 302
    done = staff.get(str(published.headers["Location"])).get_data(as_text=True)
    assert "已登记1个名额，候补1人次" in done
    with database.reading(EVERYTHING) as session:
        states = session.scalars(select(Registration.state).where(Registration.activity_id == wished.activities[0]))
        assert sorted(states) == [Place.PLACED, Place.WAITING]
    assert staff.send(f"{where}/publish", {"sure": "y"}, seen_on=page).status_code == 422


def test_two_results_stand_side_by_side(sign_in: SignIn, database: Database, wished: Wished) -> None:
    staff, page = sign_in(Role.STATION_STAFF), f"{PLACES}/terms/{wished.term}"
    result_page(staff, wished)
    other = {**RUN, "together": "soft", "order": "most_children,wishes,fair,earlier_losers"}
    assert staff.send(f"{page}/runs", other, seen_on=page).status_code == 302
    with database.reading(EVERYTHING) as session:
        term = AllocationRun.term_id == wished.term
        first, second = session.scalars(select(AllocationRun.id).where(term).order_by(AllocationRun.id))
    compared = staff.get(f"{PLACES}/compared?first={first}&second={second}").get_data(as_text=True)
    assert "尽量结伴" in compared
    assert staff.get(f"{PLACES}/compared?first={first}&second=x").status_code == 404


def test_the_files_are_for_the_head_and_an_organizer_sees_no_child(
    sign_in: SignIn, database: Database, wished: Wished
) -> None:
    staff = sign_in(Role.STATION_STAFF)
    where = result_page(staff, wished)
    head = sign_in(Role.HEAD)
    sent = {name: head.send(f"{where}/files/{name}", {}, seen_on=where).data for name in ("problem", "places", "lists")}
    files = {name: json.loads(sent[name]) for name in ("problem", "places")}
    assert sent["lists"].decode().count("\n") == 2
    assert files["problem"]["seed"] == files["places"]["seed"] == SEED
    assert staff.send(f"{where}/files/problem", {}, seen_on=where).status_code == 403
    names = staff.get(where).get_data(as_text=True)
    organizer = sign_in(Role.ORGANIZER).get(where).get_data(as_text=True)
    assert "儿童" in names
    assert "<details>" in names
    assert "<details>" not in organizer
    assert "另有2名您看不到的儿童也填了志愿" in organizer
    with database.reading(EVERYTHING) as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "allocation.downloaded")).all()
        assert [one.detail["document"] for one in noted] == ["problem", "places", "lists"]
        assert session.scalars(select(AllocationRun).where(AllocationRun.errand == Errand.PUBLISH)).all() == []


def test_what_cannot_be_is_refused_with_its_reason(sign_in: SignIn, wished: Wished) -> None:
    staff, page = sign_in(Role.STATION_STAFF), f"{PLACES}/terms/{wished.term}"
    early = staff.send(f"{page}/runs", RUN, seen_on=page)
    assert early.status_code == 422
    assert "还没有录入开奖号码" in early.get_data(as_text=True)
    wrong = staff.send(f"{page}/draw", {**DRAW, "blue": "17"}, seen_on=page)
    assert wrong.status_code == 422
    assert "蓝球为1至16" in wrong.get_data(as_text=True)
    kept = {"held_back_percent": "20", "most_wishes": "8", "fewest_wishes": "2"}
    assert staff.send(f"{page}/round", kept, seen_on=page).status_code == 302
    assert 'value="20"' in staff.get(page).get_data(as_text=True)
    assert staff.send(f"{page}/round", {**kept, "most_wishes": "1"}, seen_on=page).status_code == 422
