"""Appointments: one family a slot, booked by a child's file number, cancelled and taken back; only staff see them."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db.models import ActivitySession, AuditEntry
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.capabilities import Capability
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError
from core.hooks.types import PlannedOutline, TermOutline
from core.security.permissions import HOLDERS
from core.services.program_facts import held_sessions
from plugins.parent_school import services
from plugins.parent_school.models import Booking
from plugins.parent_school.objections import objections
from tests.functional.browsing import Browser
from tests.functional.county import MovingClock
from tests.functional.plugins.parent_school.conftest import World
from tests.integration.builders import SATURDAY, at, restrict

PAGE = "/parent-school/appointments"
SignIn = Callable[[Role], Browser]


@pytest.fixture
def staff(sign_in: SignIn) -> Browser:
    return sign_in(Role.STATION_STAFF)


def text(browser: Browser, path: str = PAGE) -> str:
    return browser.get(path).get_data(as_text=True)


def book(browser: Browser, slot: UUID, number: str = "C001") -> int:
    return browser.send(f"{PAGE}/{slot}/book", {"number": number}).status_code


def bookings(database: Database) -> list[Booking]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(Booking).order_by(Booking.booked_at, Booking.id)))


def test_a_slot_is_booked_by_the_childs_number_and_shown_with_the_name(
    staff: Browser, world: World, database: Database
) -> None:
    assert "C001" not in text(staff)
    assert book(staff, world.slots[0], " C001 ") == 302
    (booking,) = bookings(database)
    assert (booking.session_id, booking.child_id) == (world.slots[0], world.children[1])
    assert booking.agreed_for == at(SATURDAY, 9)
    page = text(staff)
    assert "C001 青童1" in page
    assert page.count("/book") == 1


def test_the_log_and_the_addresses_name_no_child(staff: Browser, world: World, database: Database) -> None:
    answer = staff.send(f"{PAGE}/{world.slots[0]}/book", {"number": "C001"})
    (booking,) = bookings(database)
    assert answer.headers["Location"] == f"{PAGE}?changed={booking.id}"
    with database.reading(EVERYTHING) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("parent_school"))).all()
        assert [(entry.action, entry.subject_id) for entry in entries] == [
            ("parent_school.appointment_booked", booking.id)
        ]
        assert world.children[1].hex not in str(entries[0].detail)


def test_a_taken_slot_is_refused(staff: Browser, world: World, database: Database) -> None:
    book(staff, world.slots[0])
    assert book(staff, world.slots[0], "C002") == 302
    assert len(bookings(database)) == 1
    assert "flash-error" in text(staff)


@pytest.mark.parametrize("number", ["", "C404", "C900"])
def test_a_number_that_nobody_in_reach_has_is_refused(
    staff: Browser, world: World, database: Database, number: str
) -> None:
    assert book(staff, world.slots[0], number) == 422
    assert bookings(database) == []


def test_what_is_booked_is_taken_back_with_one_click(staff: Browser, world: World, database: Database) -> None:
    answer = staff.send(f"{PAGE}/{world.slots[0]}/book", {"number": "C001"})
    (booking,) = bookings(database)
    page = text(staff, answer.headers["Location"])
    notice = page[page.index("notice-success") :]
    assert f"{PAGE}/{booking.id}/cancel" in notice[: notice.index("</form>")]
    assert "data-confirm" not in notice[: notice.index("</form>")]


def test_an_appointment_is_cancelled_after_a_question_and_restored_with_one_click(
    staff: Browser, world: World, database: Database
) -> None:
    book(staff, world.slots[0])
    (booking,) = bookings(database)
    assert re.search(rf'{booking.id}/cancel"\s+data-confirm="', text(staff))
    answer = staff.send(f"{PAGE}/{booking.id}/cancel", {}, seen_on=PAGE)
    assert bookings(database)[0].cancelled_at is not None
    assert f"{PAGE}/{booking.id}/restore" in text(staff, answer.headers["Location"])
    staff.send(f"{PAGE}/{booking.id}/restore", {}, seen_on=PAGE)
    assert bookings(database)[0].is_active


def test_a_cancelled_appointment_is_not_restored_over_another_familys(
    staff: Browser, world: World, database: Database
) -> None:
    book(staff, world.slots[0])
    (booking,) = bookings(database)
    staff.send(f"{PAGE}/{booking.id}/cancel", {}, seen_on=PAGE)
    book(staff, world.slots[0], "C002")
    staff.send(f"{PAGE}/{booking.id}/restore", {}, seen_on=PAGE)
    assert [one.is_active for one in bookings(database)].count(True) == 1


def test_nothing_is_booked_or_restored_under_restricted_use_but_cancelled(
    staff: Browser, world: World, database: Database
) -> None:
    book(staff, world.slots[0])
    (booking,) = bookings(database)
    with database.writing(EVERYTHING) as session:
        restrict(session, world.children[1])
    page = staff.send(f"{PAGE}/{world.slots[1]}/book", {"number": "C001"})
    assert page.status_code == 422
    assert "限制处理" in page.get_data(as_text=True)
    assert "C001 青童1" in text(staff), "What was agreed before is still shown."
    staff.send(f"{PAGE}/{booking.id}/cancel", {}, seen_on=PAGE)
    assert not bookings(database)[0].is_active
    staff.send(f"{PAGE}/{booking.id}/restore", {}, seen_on=PAGE)
    assert "限制处理" in text(staff)
    assert [one.is_active for one in bookings(database)] == [False]


def test_the_database_refuses_a_second_family_in_a_slot(world: World, database: Database, clock: MovingClock) -> None:
    def booking(child: UUID) -> Booking:
        moment = at(SATURDAY, 9)
        return Booking(
            station_id=world.station,
            session_id=world.slots[0],
            child_id=child,
            agreed_for=moment,
            booked_at=clock.now(),
            booked_by=None,
        )

    with database.writing(EVERYTHING) as session:
        session.add_all(booking(child) for child in world.children[:2])
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_two_who_book_at_the_same_moment_are_told_apart(
    world: World, database: Database, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(EVERYTHING) as session:
        slot = held_sessions(session, "parent_school", clock.now().date(), date(2026, 12, 31))[0]
        services.book(session, SYSTEM, FixedClock(clock.now()), slot, world.children[0])
        # The other one looked before this one wrote.
        monkeypatch.setattr(services.queries, "active_bookings", lambda _ids: select(Booking).where(False))
        with pytest.raises(ConflictError):
            services.book(session, SYSTEM, FixedClock(clock.now()), slot, world.children[1])


def test_a_family_whose_session_is_no_longer_held_is_listed(staff: Browser, world: World, database: Database) -> None:
    book(staff, world.slots[0])
    with database.writing(EVERYTHING) as session:
        session.get_one(ActivitySession, world.slots[0]).status = SessionStatus.CANCELLED
    page = text(staff)
    warning = page[page.index("notice-warning") :]
    assert "C001 青童1" in warning[: warning.index("</section>")]


def test_a_family_whose_session_was_moved_is_marked(staff: Browser, world: World, database: Database) -> None:
    book(staff, world.slots[0])
    assert "badge-moved" not in text(staff)
    with database.writing(EVERYTHING) as session:
        row = session.get_one(ActivitySession, world.slots[0])
        row.starts_at, row.ends_at, row.room_free_at = (
            at(SATURDAY, hour, minute) for hour, minute in ((15, 0), (15, 45), (15, 45))
        )
    assert "badge-moved" in text(staff)


def test_what_lies_behind_us_or_is_no_advice_can_not_be_booked(
    sign_in: SignIn, world: World, clock: MovingClock
) -> None:
    staff = sign_in(Role.STATION_STAFF)
    assert staff.get(f"{PAGE}/{world.talk}/book").status_code == 404
    assert staff.get(f"{PAGE}/{uuid4()}/book").status_code == 404
    clock.advance(timedelta(days=3))
    assert sign_in(Role.STATION_STAFF).get(f"{PAGE}/{world.slots[0]}/book").status_code == 404


def test_without_appointments_the_page_says_what_to_do(staff: Browser) -> None:
    assert 'class="empty"' in text(staff)


@pytest.mark.parametrize("role", sorted(set(Role) - HOLDERS[Capability.NOTE_ATTENDANCE]))
def test_nobody_but_staff_sees_appointments(sign_in: SignIn, world: World, role: Role) -> None:
    browser = sign_in(role)
    for path in (PAGE, f"{PAGE}/{world.slots[0]}/book", "/parent-school/families"):
        assert browser.get(path).status_code == 403


def test_a_visitor_is_asked_to_sign_in(visitor: FlaskClient, world: World) -> None:
    assert visitor.get(PAGE).headers["Location"].startswith("/account/sign-in")


def test_a_form_without_its_token_changes_nothing(staff: Browser, world: World, database: Database) -> None:
    assert staff.client.post(f"{PAGE}/{world.slots[0]}/book", data={"number": "C001"}).status_code == 400
    assert bookings(database) == []


def planned(world: World, database: Database, start: datetime, duration: int = 45) -> list[str]:
    """Return the objections to a plan with the first appointment at that time."""
    with database.reading(EVERYTHING) as session:
        term = TermOutline(world.term, world.station, SATURDAY, date(2026, 12, 31))
        slot = held_sessions(session, "parent_school", term.first, term.last)[0]
        outline = type(slot.activity)(**{**vars(slot.activity), "duration": duration})
        row = PlannedOutline(outline, 0, start, start + timedelta(minutes=duration), None, {})
        return [str(one.reason) for one in objections(term, [row], session)]


def test_a_promised_appointment_is_not_moved_by_publishing(staff: Browser, world: World, database: Database) -> None:
    nine, ten = at(SATURDAY, 9), at(SATURDAY, 10)
    assert planned(world, database, ten) == []
    book(staff, world.slots[0])
    assert planned(world, database, nine) == []
    (reason,) = planned(world, database, ten)
    assert "promised" in reason


@pytest.mark.parametrize(("minutes", "objected"), [(29, 1), (30, 0), (50, 0), (51, 1)])
def test_appointments_last_30_to_50_minutes(world: World, database: Database, minutes: int, objected: int) -> None:
    assert len(planned(world, database, at(SATURDAY, 9), minutes)) == objected
