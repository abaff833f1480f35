"""Hours come from attendance, are never rewritten, become final after seven days, and are certified as they are."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, StatementError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD, lay_ledger_guards
from core.db.models import (
    ActivitySession,
    OutboxNotice,
    ServiceCertificate,
    ServiceEntry,
    Station,
    Volunteer,
    VolunteerPresence,
)
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.person_documents import PersonDocument
from core.domain.service_hours import SHOWN_DAYS, Appraisal
from core.domain.vocabulary import VolunteerKind
from core.services.door import go_out, let_in
from core.services.hours import certificates
from core.services.hours.export import HEADING, export
from core.services.hours.ledger import account_of, answer, book, correct, object_to, served_at, shown_now
from core.services.hours.load import loads, thank
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_station, a_term, a_volunteer, an_activity, an_assignment, at, held

CLOCK = FixedClock(TEST_MOMENT)
OVER = at(SATURDAY, 18)
FINAL = SATURDAY + timedelta(days=SHOWN_DAYS)


@pytest.fixture
def meeting(writing: Session) -> ActivitySession:
    """Hold a session on Saturday from nine to eleven."""
    station = a_station(writing)
    return held(writing, an_activity(writing, a_term(writing, station), duration=120).sessions[0], at(SATURDAY, 9))


def somebody(session: Session, meeting: ActivitySession, kind: VolunteerKind = VolunteerKind.TEACHER) -> Volunteer:
    return a_volunteer(session, session.get_one(Station, meeting.station_id), kind=kind)


def serve(session: Session, meeting: ActivitySession, person: Volunteer, came: datetime, went: datetime) -> None:
    let_in(session, SYSTEM, CLOCK, meeting.id, person.id, now=came)
    go_out(session, SYSTEM, CLOCK, meeting.id, person.id, now=went)


def booked(session: Session, meeting: ActivitySession, person: Volunteer, minutes: int = 120) -> ServiceEntry:
    """Book somebody's hours the day on which they served."""
    if person.id not in {one.person.id for one in served_at(session, meeting)}:
        serve(session, meeting, person, at(SATURDAY, 9), at(SATURDAY, 11))
    book(session, SYSTEM, CLOCK, meeting.id, {person.id: (minutes, None)}, now=OVER)
    return session.scalars(select(ServiceEntry).where(ServiceEntry.volunteer_id == person.id)).one()


def own(person: Volunteer) -> Actor:
    return Actor(Role.VOLUNTEER, person.station_id, None, person.id)


def test_what_somebody_served_is_suggested_from_when_they_came_and_left(
    writing: Session, meeting: ActivitySession
) -> None:
    early, late = somebody(writing, meeting), somebody(writing, meeting)
    paid = somebody(writing, meeting, VolunteerKind.STAFF)
    serve(writing, meeting, early, at(SATURDAY, 7), at(SATURDAY, 11, 5))
    serve(writing, meeting, late, at(SATURDAY, 9, 40), at(SATURDAY, 13))
    serve(writing, meeting, paid, at(SATURDAY, 9), at(SATURDAY, 11))
    found = {one.person.id: one.minutes for one in served_at(writing, meeting)}
    assert found == {early.id: 150, late.id: 105}, "Half an hour around the session counts, paid work does not."


def test_hours_are_booked_once_after_the_session_and_told(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    serve(writing, meeting, person, at(SATURDAY, 9), at(SATURDAY, 11))
    wanted = {person.id: (120, Appraisal.GOOD)}
    with pytest.raises(ConflictError, match="not over yet"):
        book(writing, SYSTEM, CLOCK, meeting.id, wanted, now=at(SATURDAY, 10))
    assert book(writing, SYSTEM, CLOCK, meeting.id, wanted, now=OVER) == 1
    assert book(writing, SYSTEM, CLOCK, meeting.id, {person.id: (600, None)}, now=OVER) == 0, "A line stays."
    line = account_of(writing, person.id, today=SATURDAY).lines[0]
    assert (line.minutes, line.entry.appraisal, line.final) == (120, Appraisal.GOOD, False)
    told = writing.scalars(select(OutboxNotice).where(OutboxNotice.kind == NoticeKind.HOURS_PUBLISHED)).one()
    assert (told.volunteer_id, told.facts["minutes"]) == (person.id, 120)


def test_nobody_is_booked_who_was_not_there_nor_an_impossible_time(writing: Session, meeting: ActivitySession) -> None:
    person, other = somebody(writing, meeting), somebody(writing, meeting)
    serve(writing, meeting, person, at(SATURDAY, 9), at(SATURDAY, 11))
    with pytest.raises(NotFoundError):
        book(writing, SYSTEM, CLOCK, meeting.id, {other.id: (60, None)}, now=OVER)
    for minutes in (195, -15):
        with pytest.raises(InvalidInputError, match="3 hours can be booked at most"):
            book(writing, SYSTEM, CLOCK, meeting.id, {person.id: (minutes, None)}, now=OVER)
    with pytest.raises(NotAllowedError):
        book(writing, own(person), CLOCK, meeting.id, {person.id: (60, None)}, now=OVER)
    assert account_of(writing, person.id, today=SATURDAY).lines == ()


@pytest.mark.parametrize(
    "deed",
    [
        update(ServiceEntry).values(minutes=9_000),
        update(ServiceEntry).values(reason="leise geändert"),
        delete(ServiceEntry),
    ],
    ids=["minutes", "reason", "delete"],
)
def test_no_line_is_changed_or_deleted_past_the_service(
    writing: Session, meeting: ActivitySession, deed: object
) -> None:
    lay_ledger_guards(writing.connection())
    booked(writing, meeting, somebody(writing, meeting))
    with pytest.raises((DatabaseError, StatementError), match=LEDGER_GUARD), writing.begin_nested():
        writing.execute(deed)  # type: ignore[call-overload]
    assert writing.scalar(select(ServiceEntry.minutes)) == 120


def test_a_correction_is_a_further_line_with_its_reason_and_is_shown_anew(
    writing: Session, meeting: ActivitySession
) -> None:
    person = somebody(writing, meeting)
    entry = booked(writing, meeting, person)
    later = SATURDAY + timedelta(days=10)
    assert account_of(writing, person.id, today=later).final_minutes == 120
    for minutes, reason in ((90, "  "), (90, "x" * 201), (-1, "gut"), (120, "gleich")):
        with pytest.raises((InvalidInputError, ConflictError)):
            correct(writing, SYSTEM, CLOCK, entry.id, minutes, reason, today=later)
    change = correct(writing, SYSTEM, CLOCK, entry.id, 90, "提前离开", today=later)
    account = account_of(writing, person.id, today=later)
    assert (change.minutes, entry.minutes, account.minutes, account.final_minutes) == (-30, 120, 90, 0)
    assert [one.id for one in shown_now(writing, today=later)] == [change.id]
    assert account_of(writing, person.id, today=later + timedelta(days=SHOWN_DAYS)).final_minutes == 90
    with pytest.raises(NotFoundError):
        correct(writing, SYSTEM, CLOCK, change.id, 60, "更正的更正", today=later)


def test_hours_are_final_after_seven_days_unless_somebody_objects(writing: Session, meeting: ActivitySession) -> None:
    person, other = somebody(writing, meeting), somebody(writing, meeting)
    entry = booked(writing, meeting, person)
    assert account_of(writing, person.id, today=FINAL - timedelta(days=1)).final_minutes == 0
    with pytest.raises(NotFoundError):
        object_to(writing, own(other), CLOCK, entry.id, "是我的")
    row = object_to(writing, own(person), CLOCK, entry.id, "八点就到了")
    assert account_of(writing, person.id, today=FINAL).final_minutes == 0
    answer(writing, SYSTEM, CLOCK, row.id, "已核对签到记录，不变")
    assert account_of(writing, person.id, today=FINAL).final_minutes == 120
    with pytest.raises(ConflictError, match="answered already"):
        answer(writing, SYSTEM, CLOCK, row.id, "再答一次")


def certified(session: Session, person: Volunteer, today: date = FINAL) -> ServiceCertificate:
    return certificates.issue(session, SYSTEM, CLOCK, person.id, today=today, handler="叶文书")


def test_a_certificate_says_what_is_final_and_its_page_no_more_than_the_paper(
    writing: Session, meeting: ActivitySession
) -> None:
    person = somebody(writing, meeting)
    person.id_number = "350500199001010018"
    booked(writing, meeting, person)
    with pytest.raises(ConflictError, match="No hours are final yet"):
        certified(writing, person, SATURDAY)
    row = certified(writing, person)
    paper = json.loads(row.paper)
    assert (row.number, row.minutes, paper["hours"], paper["document_number"]) == (
        *(f"{FINAL.year}-0001", 120, "2"),
        "350500199001010018",
    )
    found = certificates.check(writing, certificates.token_of(writing, row))
    assert (found.name, found.hours, found.revoked) == (person.name, "2", False)
    assert found.document.endswith("0018")
    assert "19900101" not in found.document
    assert certificates.as_paper(row, "https://example.org/verify/x", "<svg xmlns='http://www.w3.org/2000/svg'/>")[
        :4
    ] == (b"%PDF")
    with pytest.raises(NotFoundError, match="There is no such certificate"):
        certificates.check(writing, "x" * 43)


@pytest.mark.parametrize(
    ("document", "number", "said"),
    [
        (None, None, "未登记"),
        (None, "350500199001010018", "居民身份证"),
        (None, "810000199001010018", "港澳台居民居住证"),
        (PersonDocument.TAIWAN_PERMIT, "01234567", "台湾居民来往大陆通行证"),
        (PersonDocument.HONG_KONG_MACAO_PERMIT, "H01234567", "港澳居民来往内地通行证"),
        (PersonDocument.PASSPORT, "E01234567", "护照"),
    ],
)
def test_papers_name_the_document(
    writing: Session, meeting: ActivitySession, document: PersonDocument | None, number: str | None, said: str
) -> None:
    person = somebody(writing, meeting)
    person.document, person.id_number = document, number
    booked(writing, meeting, person)
    row = certified(writing, person)
    paper = json.loads(row.paper)
    assert (paper["document_type"], paper["document_number"]) == (said, number or "")
    assert certificates.check(writing, certificates.token_of(writing, row)).document.startswith(said)
    (_, line) = sheet(export(writing, SYSTEM, CLOCK, SATURDAY, SATURDAY, today=FINAL))
    assert line[1:3] == [said if number else "", number or ""]


def test_a_void_certificate_says_so_and_numbers_go_on(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    booked(writing, meeting, person)
    first, second = certified(writing, person), certified(writing, person)
    assert [first.number[-4:], second.number[-4:]] == ["0001", "0002"]
    certificates.revoke(writing, SYSTEM, CLOCK, first.id, "时长有误")
    assert certificates.check(writing, certificates.token_of(writing, first)).revoked
    assert not certificates.check(writing, certificates.token_of(writing, second)).revoked
    with pytest.raises(ConflictError, match="void already"):
        certificates.revoke(writing, SYSTEM, CLOCK, first.id, "再一次")


def test_a_correction_makes_the_certificates_void_that_say_otherwise(
    writing: Session, meeting: ActivitySession
) -> None:
    person, other = somebody(writing, meeting), somebody(writing, meeting)
    entry = booked(writing, meeting, person)
    booked(writing, meeting, other)
    row, unconcerned = certified(writing, person), certified(writing, other)
    correct(writing, SYSTEM, CLOCK, entry.id, 30, "中途离开", today=FINAL)
    assert certificates.check(writing, certificates.token_of(writing, row)).revoked
    assert not certificates.check(writing, certificates.token_of(writing, unconcerned)).revoked
    with pytest.raises(ConflictError, match="No hours are final yet"):
        certified(writing, person)
    anew = certified(writing, person, FINAL + timedelta(days=SHOWN_DAYS))
    assert (anew.minutes, anew.revoked_at) == (30, None)


def test_nobody_gets_anothers_certificate(writing: Session, meeting: ActivitySession) -> None:
    person, other = somebody(writing, meeting), somebody(writing, meeting)
    booked(writing, meeting, person)
    row = certificates.issue(writing, own(person), CLOCK, person.id, today=FINAL, handler="本人")
    assert certificates.find_certificate(writing, own(person), row.id) is row
    with pytest.raises(NotFoundError):
        certificates.find_certificate(writing, own(other), row.id)
    with pytest.raises(NotAllowedError):
        certificates.issue(writing, own(other), CLOCK, person.id, today=FINAL, handler="别人")


def test_the_national_system_gets_what_is_final(writing: Session, meeting: ActivitySession) -> None:
    person, other = somebody(writing, meeting), somebody(writing, meeting)
    booked(writing, meeting, person)
    entry = booked(writing, meeting, other)
    object_to(writing, own(other), CLOCK, entry.id, "不对")
    rows = sheet(export(writing, SYSTEM, CLOCK, SATURDAY, SATURDAY, today=FINAL))
    assert [tuple(row) for row in rows] == [
        HEADING,
        (person.name, "", "", person.number, entry.title, SATURDAY.isoformat(), 2, ""),
    ]


def sheet(content: bytes) -> Sequence[Sequence[object]]:
    """Return the cells of a workbook, empty ones as empty text."""
    from io import BytesIO  # noqa: PLC0415 (here alone)

    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    found: Sequence[Sequence[object]] = (
        CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    return found


def test_load_tells_who_serves_much_who_stayed_away_and_who_is_never_asked(
    writing: Session, meeting: ActivitySession
) -> None:
    came, missed, never = (somebody(writing, meeting) for _ in range(3))
    writing.add_all([an_assignment(meeting, came), an_assignment(meeting, missed)])
    booked(writing, meeting, came)
    found = {one.person.id: one for one in loads(writing, SATURDAY, FINAL, today=FINAL)}
    assert (found[came.id].served, found[came.id].missed, found[came.id].minutes) == (1, 0, 120)
    assert (found[missed.id].served, found[missed.id].missed) == (0, 1)
    assert found[never.id].never
    assert not found[missed.id].never
    assert loads(writing, SATURDAY, FINAL, today=SATURDAY)[0].missed == 0, "Today's session may still be going on."


def test_thanks_are_told_once_a_day(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    for _ in range(2):
        thank(writing, SYSTEM, CLOCK, person.id, today=SATURDAY)
    assert len(writing.scalars(select(OutboxNotice).where(OutboxNotice.kind == NoticeKind.THANKS)).all()) == 1


def test_who_came_is_kept_with_when(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    let_in(writing, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY, 8, 50))
    row = go_out(writing, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY, 11, 10))
    assert (row.arrived_at, row.left_at) == (at(SATURDAY, 8, 50), at(SATURDAY, 11, 10))
    go_out(writing, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY, 11, 12), back=True)
    assert writing.scalars(select(VolunteerPresence)).one().left_at is None
    with pytest.raises(ConflictError, match="on the day of the session"):
        go_out(writing, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY + timedelta(days=1), 9))
    assert writing.scalar(text("SELECT 1")) == 1
