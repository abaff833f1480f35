"""Whoever is affected by a change of the timetable is told what changed, once, and nobody else is told anything."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from core.config import Settings
from core.daily import Work
from core.db.models import OutboxNotice, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.calendar.closure import Closure as Closing
from core.domain.clock import FixedClock
from core.domain.notices import TO_WEBHOOK, Channel, Notice, NoticeKind, NoticeState, to_volunteer
from core.hooks.manager import load_hooks
from core.posting import Sender
from core.services.closures import close
from core.services.notices.leasing import Lease
from core.services.notices.outbox import put_all
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, SUNDAY, at
from tests.integration.telling import HandClock, Tray, hears
from tests.integration.timetable import NO_PLUGINS, World, a_draft, a_world, planned, publish

NINE, TEN = at(SATURDAY, 9), at(SATURDAY, 10)
SECOND = FixedClock(TEST_MOMENT + timedelta(days=1))


@pytest.fixture
def world(database: Database) -> World:
    """Publish painting at nine on both days with two people, and chess on Saturday with the two others."""
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
    with database.writing(EVERYTHING) as session:
        publish(session, a_draft(session, world.term, *plan(world)))
    return world


def plan(world: World) -> list[Any]:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, NINE, world.rooms[0], [one, other]),
        planned(again, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(chess, NINE, world.rooms[1], [third, fourth]),
    ]


def told(database: Database, *, after: int = 0) -> Mapping[tuple[UUID | None, UUID | None], Mapping[str, Any]]:
    """Return what volunteers are told, by volunteer and session, without the first so many notices."""
    with database.reading(EVERYTHING) as session:
        rows = session.scalars(select(OutboxNotice).order_by(OutboxNotice.put_at, OutboxNotice.id)).all()
    found = [row for row in rows if row.recipient != TO_WEBHOOK.key][after:]
    assert {row.kind for row in found} <= {NoticeKind.TIMETABLE_CHANGED}
    assert len({(row.volunteer_id, row.session_id) for row in found}) == len(found)
    return {(row.volunteer_id, row.session_id): row.facts for row in found}


def test_the_first_publication_tells_each_of_each_duty(database: Database, world: World) -> None:
    one, other, third, fourth = (person.id for person in world.people)
    painting, again, chess = (row.id for row in world.sessions())
    found = told(database)
    assert found.keys() == {
        *((person, row) for person in (one, other) for row in (painting, again)),
        *((person, chess) for person in (third, fourth)),
    }
    assert {facts["change"] for facts in found.values()} == {"added"}
    facts = found[third, chess]
    assert (facts["title"], facts["starts_at"], facts["ends_at"]) == ("象棋", "2026-11-28T09:00", "2026-11-28T10:00")
    assert facts["location"].endswith("青石路1号")
    assert not any(name.startswith("before_") for name in facts)


def test_a_publication_tells_those_whose_duties_change_and_from_what_to_what(database: Database, world: World) -> None:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    with database.writing(EVERYTHING) as session:
        changed = a_draft(
            session,
            world.term,
            planned(painting, NINE, world.rooms[0], [one, third]),
            planned(chess, at(SATURDAY, 14), world.rooms[1], [other, fourth]),
        )
        publish(session, changed, day=1)
    found = told(database, after=6)
    assert {(key, facts["change"]) for key, facts in found.items()} == {
        # Painting goes on with somebody else, and its second session is off.
        ((other.id, painting.id), "cancelled"),
        ((third.id, painting.id), "added"),
        ((one.id, again.id), "cancelled"),
        ((other.id, again.id), "cancelled"),
        # Chess moves: whoever stays is told from when to when.
        ((third.id, chess.id), "cancelled"),
        ((other.id, chess.id), "added"),
        ((fourth.id, chess.id), "moved"),
    }
    facts = found[fourth.id, chess.id]
    assert (facts["before_starts_at"], facts["starts_at"]) == ("2026-11-28T09:00", "2026-11-28T14:00")
    # Who serves on at the same time and place is told nothing.
    assert (one.id, painting.id) not in found


def test_a_publication_that_changes_nothing_tells_nobody(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        publish(session, a_draft(session, world.term, *plan(world)), day=1)
    assert told(database, after=6) == {}


def test_another_room_is_told_and_another_title_is_not(database: Database, world: World) -> None:
    *_, third, fourth = (person.id for person in world.people)
    painting, again, chess = world.sessions()
    with database.writing(EVERYTHING) as session:
        session.get_one(type(world.painting), world.painting.id).title = "水彩"
        moved = [*plan(world)[:2], planned(chess, at(SATURDAY, 14), world.rooms[0], world.people[2:])]
        publish(session, a_draft(session, world.term, *moved), day=1)
    found = told(database, after=6)
    assert found.keys() == {(third, chess.id), (fourth, chess.id)}
    assert found[third, chess.id]["before_location"] != found[third, chess.id]["location"]
    assert {painting.id, again.id}.isdisjoint(row for _person, row in found)


def test_closing_a_day_tells_those_who_would_have_served(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        closing = Closing(SUNDAY, SUNDAY, "金丝雀的孩子病了")
        close(session, SYSTEM, SECOND, NO_PLUGINS, world.station.id, closing, now=at(SATURDAY, 0))
    found = told(database, after=6)
    assert {(key, facts["change"]) for key, facts in found.items()} == {
        ((person.id, world.sessions()[1].id), "cancelled") for person in world.people[:2]
    }
    # Why is free text, in which somebody may name a child: it is on the page, and in no notice.
    assert "金丝雀" not in str(found)


def test_a_publication_that_is_refused_tells_nobody(database: Database, world: World) -> None:
    before = told(database)
    with pytest.raises(RuntimeError, match="broken off"), database.writing(EVERYTHING) as session:  # noqa: PT012
        publish(session, a_draft(session, world.term, *plan(world)[:1]), day=1)
        raise RuntimeError("broken off")
    assert told(database) == before


def post(database: Database, trays: Mapping[Channel, Tray], clock: HandClock) -> Sender:
    settings = Settings.in_directory(Path("/nowhere"), base_url="https://weibao.example")
    return Sender(Work(database, clock, settings), load_hooks(()), trays, Lease("one"))


def test_what_arrives_says_it_in_the_readers_language(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        for person, language in zip(world.people[2:], ("en", "zh_Hans_CN"), strict=True):
            hears(session, session.get_one(Volunteer, person.id), language=language)
        chess = world.sessions()[2]
        moved = [*plan(world)[:2], planned(chess, at(SATURDAY, 14), world.rooms[1], world.people[2:])]
        publish(session, a_draft(session, world.term, *moved), day=0)
    tray = Tray()
    assert post(database, {Channel.MAIL: tray}, HandClock()).send_due() == 2
    english, chinese = sorted((letter.text for letter in tray.letters), key=lambda text: "Moved" not in text)
    assert "You serve: 象棋, Sat, Nov 28 09:00–10:00" in english
    assert "Moved: 象棋, now Sat, Nov 28 14:00–15:00\nBefore: Sat, Nov 28 09:00–10:00" in english
    assert f"https://weibao.example/sessions/{chess.id}" in english
    assert "服务改期：象棋，现为11月28日周六 14:00–15:00\n原为：11月28日周六 09:00–10:00" in chinese


def test_what_is_over_is_told_nobody(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        hears(session, session.get_one(Volunteer, world.people[2].id))
    clock = HandClock()
    clock.stand(12, day=28)
    tray = Tray()
    assert post(database, {Channel.MAIL: tray}, clock).send_due() == 0
    with database.reading(EVERYTHING) as session:
        chess = select(OutboxNotice.state).where(OutboxNotice.session_id == world.sessions()[2].id)
        assert set(session.scalars(chess)) == {NoticeState.DROPPED}


def test_what_looks_back_is_told_after_the_session_as_well(database: Database, world: World) -> None:
    clock, who = HandClock(), world.people[2].id
    clock.stand(12, day=28)
    with database.writing(EVERYTHING) as session:
        hears(session, session.get_one(Volunteer, who))
        session.execute(delete(OutboxNotice))
        chess = world.sessions()[2].id
        every = [Notice(kind, to_volunteer(who), world.station.id, "k", session_id=chess) for kind in NoticeKind]
        put_all(session, clock, every)
    assert post(database, {Channel.MAIL: Tray()}, clock).send_due() == 1
    with database.reading(EVERYTHING) as session:
        found = session.execute(select(OutboxNotice.kind, OutboxNotice.state)).all()
    assert len(found) == len(NoticeKind)
    assert {kind for kind, state in found if state is NoticeState.SENT} == {
        NoticeKind.THANKS,
        NoticeKind.HOURS_PUBLISHED,
        NoticeKind.CERTIFICATE_READY,
        NoticeKind.PICKUP_ALARM,
    }


def test_a_webhook_hears_of_each_publication(database: Database, world: World) -> None:
    tray = Tray()
    assert post(database, {Channel.WEBHOOK: tray}, HandClock()).send_due() == 1
    (letter,) = tray.letters
    assert (letter.values["count"], letter.values["term_id"]) == (3, world.term.id.hex)
