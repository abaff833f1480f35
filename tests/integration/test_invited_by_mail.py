"""Duties come as invitations to whoever wants them so; answers are read from a mailbox, and count for their owner."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest
from sqlalchemy import select

from core.config import Mailbox, NoticeWays, Settings
from core.couriers.letter import NotDeliveredError
from core.couriers.mailbox import LONGEST_MAIL
from core.daily import Work
from core.db.models import AuditEntry, FeedItem, Installation
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.notices import Channel
from core.feeds.ics import render
from core.posting import answers_may_be_there, read_answers
from core.services.feeds import FeedAddress, feed_of
from core.services.notices.answers import take_mail
from core.services.notices.leasing import Lease, note_sent, take
from core.services.notices.letters import letter_of
from core.services.notices.post import Post
from tests.fakes.imap import Box, mailbox
from tests.fakes.tls import a_certificate, speaking
from tests.integration.builders import SATURDAY, at
from tests.integration.telling import HandClock, hears
from tests.integration.timetable import NO_PLUGINS, World, a_draft, a_world, planned, publish
from tests.unit.feeds.test_itip import reply

CLOCK = HandClock()


@pytest.fixture
def world(database: Database) -> World:
    """Publish one session with two people, of whom the first wants invitations."""
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        hears(session, world.people[0], mail="V@example.org", invitations=True)
    publish_chess(database, world, 9)
    return world


def publish_chess(database: Database, world: World, hour: int | None) -> None:
    with database.writing(EVERYTHING) as session:
        chess = world.sessions()[2]
        plan = [planned(chess, at(SATURDAY, hour), world.rooms[0], world.people[:2])] if hour else []
        publish(session, a_draft(session, world.term, *plan))


def invitations(database: Database, *, answers: bool = True) -> list[icalendar.Calendar]:
    """Send all that is due, and return the invitations among it."""
    post = Post(
        CLOCK, NO_PLUGINS, "Asia/Shanghai", {Channel.MAIL}, "https://weibao.example", "duty@weibao.example", answers
    )
    sent = []
    with database.writing(EVERYTHING) as session:
        while (taken := take(session, post, Lease("one"))) is not None:
            letter = letter_of(session, post, taken)
            assert note_sent(session, post, taken.message_id, Lease("one"))
            assert letter.invitation is not None
            calendar = icalendar.Calendar.from_ical(letter.invitation.content)
            assert calendar["METHOD"] == letter.invitation.method
            sent.append(calendar)
    return sent


def own_feed(database: Database, world: World) -> icalendar.Event:
    volunteer = world.people[0]
    with database.reading(EVERYTHING) as session:
        address = FeedAddress(volunteer.station_id, FeedKind.VOLUNTEER, volunteer.id.hex)
        (event,) = icalendar.Calendar.from_ical(render(feed_of(session, CLOCK, NO_PLUGINS, address))).events
    return event


def test_an_invitation_and_the_feed_say_the_same_through_all_changes(database: Database, world: World) -> None:
    for hour, method, sequence in ((9, "REQUEST", 0), (14, "REQUEST", 1), (None, "CANCEL", 2), (10, "REQUEST", 3)):
        if sequence:
            publish_chess(database, world, hour)
        (calendar,) = invitations(database)
        (event,) = calendar.events
        same = own_feed(database, world)
        assert (calendar["METHOD"], event["SEQUENCE"]) == (method, sequence)
        for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "DTSTAMP"):
            assert event[name].to_ical() == same[name].to_ical()


def test_an_answer_is_asked_for_where_it_is_read(database: Database, world: World) -> None:
    assert world.people
    (calendar,) = invitations(database, answers=False)
    assert calendar.events[0]["ATTENDEE"].params["RSVP"] == "FALSE"


def a_mail(database: Database, world: World, *, sender: str = "T <v@example.org>", **said: str) -> bytes:
    """Return an answer to the invitation to chess, as it arrives."""
    with database.reading(EVERYTHING) as session:
        installation = session.scalars(select(Installation)).one()
        of = said.pop("of", world.people[0].id.hex)
        duty = session.scalars(select(FeedItem).where(FeedItem.subject == of)).one()
    uid = said.pop("uid", f"duty-{duty.id.hex}@{installation.id.hex}")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "duty@weibao.example", "Declined"
    mail.set_content("…")
    content = reply(**said).replace(b"duty-1@demo", uid.encode())
    mail.add_alternative(content, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


def noted(database: Database) -> list[tuple[str, object]]:
    with database.reading(EVERYTHING) as session:
        found = select(AuditEntry).where(AuditEntry.action == "duty.answered_by_mail")
        return [(str(row.detail["answer"]), row.subject_id) for row in session.scalars(found)]


def test_an_answer_counts_for_whoever_gave_it(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        assert take_mail(session, CLOCK, a_mail(database, world)) == 1
        assert take_mail(session, CLOCK, a_mail(database, world, partstat="ACCEPTED")) == 1
    person = world.people[0].id
    assert [answer for answer, _ in noted(database)] == ["declined", "accepted"]
    assert {str(subject) for _, subject in noted(database)} <= {str(person), person.hex}


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "other@example.org"},
        {"sender": ""},
        {"mail": "other@example.org"},
        {"sender": "other@example.org", "mail": "other@example.org"},
        {"uid": "duty-1@demo"},
        {"uid": "session-1@demo"},
        {"method": "REQUEST"},
        {"partstat": "NEEDS-ACTION"},
    ],
)
def test_an_answer_of_somebody_else_or_about_something_else_does_not_count(
    database: Database, world: World, changes: dict[str, str]
) -> None:
    with database.writing(EVERYTHING) as session:
        assert take_mail(session, CLOCK, a_mail(database, world, **changes)) == 0
    assert noted(database) == []


def test_an_answer_about_somebody_elses_duty_does_not_count(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        assert take_mail(session, CLOCK, a_mail(database, world, of=world.people[1].id.hex)) == 0


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", b"From: \xff\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\n--"])
def test_any_other_mail_is_left_alone(database: Database, world: World, raw: bytes) -> None:
    assert world.people
    with database.writing(EVERYTHING) as session:
        assert take_mail(session, CLOCK, raw) == 0


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with mailbox(speaking(a_certificate(tmp_path))) as box:
        yield box


def work_with(database: Database, box: Box, ca_file: str) -> Work:
    ways = NoticeWays(mailbox=Mailbox("127.0.0.1", "duty", 'p"w', box.port, "INBOX", ca_file))
    settings = Settings(Path("/nowhere"), "", Path("/nowhere"), notices=ways)
    assert answers_may_be_there(settings)
    return Work(database, CLOCK, settings)


def test_answers_are_read_from_a_mailbox_once(database: Database, world: World, box: Box, tmp_path: Path) -> None:
    box.mails += [a_mail(database, world), b"\xff", b"x" * (LONGEST_MAIL + 1), a_mail(database, world, sender="o@x.y")]
    work = work_with(database, box, str(tmp_path / "fake.pem"))
    assert read_answers(work) == 1
    assert box.seen == {1, 2, 3, 4}
    assert read_answers(work) == 0
    assert len(noted(database)) == 1


def test_a_mailbox_that_does_not_prove_who_it_is_gets_no_password(database: Database, world: World, box: Box) -> None:
    assert world.people
    with pytest.raises(NotDeliveredError, match="imap_SSLCertVerificationError"):
        read_answers(work_with(database, box, ""))
    assert box.signed_in == []


def test_without_a_mailbox_there_is_nothing_to_read(database: Database) -> None:
    settings = Settings(Path("/nowhere"), "", Path("/nowhere"))
    assert not answers_may_be_there(settings)
    assert read_answers(Work(database, CLOCK, settings)) == 0
