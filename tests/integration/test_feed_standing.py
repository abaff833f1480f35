"""How a feed stands, asked in one question on either database: the same as a session would be told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db.models import FeedToken
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.services.feeds import FeedAddress, feed_name, open_feed, revoke_feed
from core.services.subscriptions import standing_at_a_glance, standing_of
from core.services.wording import CHINESE
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, at
from tests.integration.timetable import NO_PLUGINS, a_draft, a_world, planned, publish

CLOCK = FixedClock(TEST_MOMENT + timedelta(hours=1))


@pytest.fixture
def tokens(database: Database) -> dict[FeedAddress, str]:
    """Publish a session for two volunteers, and make an address for a feed of each kind."""
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        held = planned(world.painting.sessions[0], at(SATURDAY, 9), world.rooms[0], world.people[:2])
        publish(session, a_draft(session, world.term, held))
        subjects = {
            FeedKind.STATION: world.station.id.hex,
            FeedKind.PROGRAM: "sst",
            FeedKind.ROOM: world.rooms[0].id.hex,
            FeedKind.VOLUNTEER: world.people[0].id.hex,
        }
        addresses = [FeedAddress(world.station.id, kind, subject) for kind, subject in subjects.items()]
        return {address: open_feed(session, SYSTEM, CLOCK, address) for address in addresses}


def test_a_glance_tells_of_each_kind_of_feed_what_a_session_does(
    database: Database, tokens: dict[FeedAddress, str]
) -> None:
    for address, token in tokens.items():
        glanced = standing_at_a_glance(database, CLOCK, NO_PLUGINS, token)
        with database.reading(EVERYTHING) as session:
            assert glanced == standing_of(session, CLOCK, NO_PLUGINS, token)
            name = feed_name(session, NO_PLUGINS, address, CHINESE)
        assert glanced is not None
        assert (glanced.address, glanced.name, glanced.says[:2]) == (address, name, (1, 0))


def test_a_glance_sees_a_revocation_as_soon_as_it_is_committed(
    database: Database, tokens: dict[FeedAddress, str]
) -> None:
    with database.writing(EVERYTHING) as session:
        for row in session.scalars(select(FeedToken.id)).all():
            revoke_feed(session, SYSTEM, CLOCK, row)
    for token in tokens.values():
        assert standing_at_a_glance(database, CLOCK, NO_PLUGINS, token) is None
