"""The waiting lists' own clock: what has run out ends and goes on though nobody looks, and once however many look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select

from core.config import Settings
from core.daily import Work
from core.db.models import AuditEntry, Child
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.registering import Place
from core.services.registration.ending import cancel
from core.waiting import lists_are_due, turn_lists_over
from tests.integration.registering import Fair, Hands, a_desk, a_fair, registration_of, sign_up, standings
from tests.integration.timetable import NO_PLUGINS


def stored(database: Database) -> Fair:
    """Store an activity whose only place was cancelled, so that the second of three children is offered it."""
    with database.writing(EVERYTHING) as session:
        fair = a_fair(session, children=3)
        for child in fair.children:
            sign_up(session, child, fair.activities[0])
        cancel(session, a_desk(), registration_of(session, fair.children[0], fair.activities[0]).id)
    return fair


def work_of(database: Database, clock: Hands, tmp_path: Path) -> Work:
    return Work(database, clock, Settings.in_directory(tmp_path))


def states(database: Database, fair: Fair) -> list[Place]:
    with database.reading(EVERYTHING) as session:
        return [state for _child, state in standings(session, fair.activities[0])]


def test_an_offer_ends_when_its_time_is_over_and_the_next_child_has_one(database: Database, tmp_path: Path) -> None:
    fair, clock = stored(database), Hands()
    work = work_of(database, clock, tmp_path)
    assert not lists_are_due(work)
    clock.pass_by(timedelta(hours=35))
    assert lists_are_due(work)
    assert turn_lists_over(work, NO_PLUGINS) == 1
    assert states(database, fair) == [Place.CANCELLED, Place.EXPIRED, Place.OFFERED]
    assert not lists_are_due(work)
    assert turn_lists_over(work, NO_PLUGINS) == 0


def test_several_servers_that_look_at_once_end_an_offer_once(database: Database, tmp_path: Path) -> None:
    fair, clock = stored(database), Hands()
    clock.pass_by(timedelta(hours=35))
    work = work_of(database, clock, tmp_path)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: turn_lists_over(work, NO_PLUGINS), range(4))) == 1
    assert states(database, fair) == [Place.CANCELLED, Place.EXPIRED, Place.OFFERED]
    with database.reading(EVERYTHING) as session:
        ended = select(func.count(AuditEntry.id)).where(AuditEntry.action == "registration.expired")
        assert session.scalar(ended) == 1


def test_the_place_of_a_child_who_left_goes_on(database: Database, tmp_path: Path) -> None:
    fair, clock = stored(database), Hands()
    with database.writing(EVERYTHING) as session:
        session.get_one(Child, fair.children[1]).left_on = date(2026, 11, 26)
    work = work_of(database, clock, tmp_path)
    assert lists_are_due(work)
    assert turn_lists_over(work, NO_PLUGINS) == 2
    assert states(database, fair) == [Place.CANCELLED, Place.CANCELLED, Place.OFFERED]
