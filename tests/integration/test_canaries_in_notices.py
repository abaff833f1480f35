"""Nothing of a child stands in any mail, message, call of a webhook, feed or file, wherever somebody has typed it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Encryption, MailServer, NoticeWays, Settings, SmsProvider, Webhook, WeCom
from core.daily import Work
from core.db.base import Base
from core.db.migrate import upgrade
from core.db.models import ActivitySession, Child, FeedItem, Group, OutboxNotice, Station, User, Volunteer
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.calendar.closure import Closure as Closing
from core.domain.clock import FixedClock
from core.domain.ids import new_id
from core.domain.notices import TO_WEBHOOK, Addressee, Notice, NoticeKind, to_user, to_volunteer
from core.feeds.ics import render
from core.hooks.manager import load_hooks
from core.posting import Sender
from core.services.closures import close
from core.services.feed_ledger import update_ledger
from core.services.feeds import FeedAddress, feed_of
from core.services.notices.desk import lists
from core.services.notices.invites import file_of_session
from core.services.notices.outbox import put
from core.services.wording import LANGUAGES, Wording
from core.testing import TEST_MOMENT
from tests.canaries import CONTROL, STEM, plant, protected_fields, traces
from tests.fakes.calls import Call, Calls, Said, http_server
from tests.fakes.smtp import Mails, mail_server
from tests.integration.builders import SATURDAY, a_group, an_account, at, held
from tests.integration.telling import HandClock, hears
from tests.integration.timetable import NO_PLUGINS, World, a_world

CLOCK = FixedClock(TEST_MOMENT)
#: By what somebody is found, and so what stands on every letter to them.
ADDRESSES = {"volunteers.phone", *(f"notice_choices.{name}" for name in ("mail", "mobile", "wecom"))}


@pytest.fixture
def world(database: Database) -> World:
    """Return a station whose chess is open and whose painting is a closed group's, with canaries all over it.

    They stand in every protected field of every table, in the free texts about sessions, and in a closed group's title.
    """
    for history in load_hooks().histories:
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        user = an_account(session, world.station, role=Role.HEAD)
        there: dict[type[Base], Base] = {Station: world.station, User: user, Volunteer: world.people[0]}
        fields = [field for field in protected_fields(database) if field.name not in ADDRESSES]
        plant(session, fields, shaped={}, there=there)
        world.painting.closed, world.painting.title = True, f"{STEM}的谈话"
        world.painting.description = world.chess.description = f"{STEM}对花生过敏"
        world.chess.title = CONTROL
        for row in world.sessions():
            row.reason = f"{STEM}病了"
        a_group(session, world.station, name=f"{STEM}组")
        for number, language in enumerate(LANGUAGES):
            hears(session, world.people[number], language=language, invitations=not number)
        hears(session, world.people[2], channels=["sms"], mobile="12900000001")
        hears(session, world.people[3], channels=["wecom"], wecom="li")
        hears(session, user)
        painting, _again, chess = world.sessions()
        held(session, painting, at(SATURDAY, 9), world.rooms[0], world.people)
        held(session, chess, at(SATURDAY, 11), world.rooms[0], world.people)
        update_ledger(session, CLOCK, NO_PLUGINS, station_id=world.station.id)
    return world


def put_all(session: Session, world: World) -> None:
    """Put every kind of notice about both sessions to each volunteer, the head and the webhook."""
    head = session.scalars(select(User.id)).first()
    assert head is not None
    both = session.scalars(select(ActivitySession.id).where(ActivitySession.starts_at.is_not(None))).all()
    assert len(both) == 2
    to: list[Addressee] = [*(to_volunteer(one.id) for one in world.people), to_user(head), TO_WEBHOOK]
    for who in to:
        for kind in NoticeKind:
            for row in both:
                # What is urgent goes alone, so a message that has room for one title has each of them once.
                urgent = kind is NoticeKind.SESSION_UNSAFE
                facts: dict[str, str | int] = {"minutes": 5}
                put(session, CLOCK, Notice(kind, who, world.station.id, row.hex, facts, row, urgent=urgent))


def ways(mails: Mails, calls: Calls) -> NoticeWays:
    return NoticeWays(
        mail=MailServer("127.0.0.1", "duty@weibao.example", mails.port, Encryption.NONE),
        sms=SmsProvider("id", "secret", "青石站", "default=SMS_1", calls.url),
        wecom=WeCom("corp", "secret", 1, calls.url),
        webhook=Webhook(f"{calls.url}/hook", "secret"),
    )


def yes(call: Call) -> Said:
    return 200, {"Code": "OK", "errcode": 0, "access_token": "t", "expires_in": 7200, "path": call.path}


def contents(mails: Mails, calls: Calls) -> Iterator[bytes]:
    """Yield all that went out, as it went and as its reader sees it."""
    for mail in mails.taken:
        yield mail.as_bytes()
        yield str(mail["Subject"]).encode()
        for part in mail.walk():
            if not part.is_multipart():
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                yield payload
    for call in calls.made:
        yield call.body + repr((call.path, call.query, call.headers)).encode()


def test_nothing_of_a_child_goes_out_by_any_channel(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        put_all(session, world)
    clock = HandClock()
    with mail_server() as mails, http_server() as calls:
        calls.answer = yes
        settings = Settings(Path("/nowhere"), "", Path("/nowhere"), notices=ways(mails, calls))
        sender = Sender(Work(database, clock, settings), NO_PLUGINS)
        assert sender.send_due() > 20
        with database.writing(EVERYTHING) as session:
            closing = Closing(SATURDAY, SATURDAY, f"{STEM}的父亲来了")
            close(session, SYSTEM, CLOCK, NO_PLUGINS, world.station.id, closing, now=at(SATURDAY, 0))
        assert sender.send_due() > 2
        went = list(contents(mails, calls))
    assert {call.path for call in calls.made} == {"/", "/cgi-bin/gettoken", "/cgi-bin/message/send", "/hook"}
    assert [content for content in went if traces(content)] == []
    # What is open to all is told by each channel that has words, so a canary would have been seen.
    seen = [content for content in went if traces(content, CONTROL)]
    assert any(b"BEGIN:VCALENDAR" in content for content in seen)
    assert any(b"TemplateParam" in content for content in seen)
    assert any(b"msgtype" in content for content in seen)


def test_nothing_of_a_child_stands_in_the_outbox_nor_on_the_stations_page(database: Database, world: World) -> None:
    head = Actor(Role.HEAD, world.station.id, new_id())
    with database.writing(EVERYTHING) as session:
        put_all(session, world)
        rows = session.scalars(select(OutboxNotice)).all()
        assert [row for row in rows if traces(repr(row.facts).encode())] == []
        for language in LANGUAGES:
            shown = lists(session, head, Wording(language))
            words = [line.words for part in (shown.to_call, shown.waiting) for line in part]
            assert len(words) >= 100
            assert not any(STEM in word for word in words)
            assert any(CONTROL in word for word in words)


def test_nothing_of_a_child_stands_in_feeds_and_files(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        for child in session.scalars(select(Child)):
            assert child.name.startswith(STEM)
        assert session.scalars(select(Group).where(Group.name.startswith(STEM))).first()
        update_ledger(session, CLOCK, NO_PLUGINS, station_id=world.station.id)
        said = session.execute(select(FeedItem.station_id, FeedItem.kind, FeedItem.subject).distinct()).all()
        feeds = [render(feed_of(session, CLOCK, NO_PLUGINS, FeedAddress(*one))) for one in said]
        assert {one.kind for one in said} >= {FeedKind.STATION, FeedKind.VOLUNTEER, FeedKind.PROGRAM}
        held = session.scalars(select(ActivitySession.id).where(ActivitySession.starts_at.is_not(None))).all()
        reader = Actor(Role.VOLUNTEER, world.station.id, new_id(), world.people[0].id)
        files = [file_of_session(session, row, reader, language, "") for row in held for language in LANGUAGES]
    assert len(files) == 4
    assert [content for content in (*feeds, *files) if traces(content)] == []
    assert sum(bool(traces(content, CONTROL)) for content in (*feeds, *files)) >= 4
