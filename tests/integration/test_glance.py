"""A question asked of the driver itself: the same answer as in a session, on either database."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, select

from core.db.models import FeedItem, FeedToken
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.services.feeds import token_hash
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, at
from tests.integration.timetable import a_draft, a_world, planned, publish

_TOKEN = select(FeedToken).where(FeedToken.kind == FeedKind.VOLUNTEER, FeedToken.created_at >= bindparam("since"))
_ITEM = (
    select(FeedItem.id, FeedItem.starts_at, FeedItem.cancelled, FeedItem.title.label("what"), FeedToken.token_hash)
    .outerjoin(FeedToken, FeedToken.subject == FeedItem.subject)
    .where(FeedItem.kind == bindparam("kind", type_=FeedItem.kind.type), FeedItem.starts_at > bindparam("after"))
    .order_by(FeedItem.id)
)


@pytest.fixture(autouse=True)
def _an_address(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        held = planned(world.painting.sessions[0], at(SATURDAY, 9), world.rooms[0], world.people[:2])
        publish(session, a_draft(session, world.term, held))
        own = {"station_id": world.station.id, "kind": FeedKind.VOLUNTEER, "subject": world.people[0].id.hex}
        session.add(FeedToken(**own, token_hash=token_hash("made-up"), created_at=TEST_MOMENT))


def test_a_glance_gives_the_values_that_a_session_gives(database: Database) -> None:
    asked = {"kind": FeedKind.STATION, "after": at(SATURDAY, 8)}
    with database.reading(EVERYTHING) as session:
        expected = session.execute(_ITEM, asked).mappings().first()
        token = session.scalars(_TOKEN, {"since": TEST_MOMENT}).one()
    assert expected is not None
    assert database.glance(_ITEM, asked) == dict(expected)
    columns = {column.key: getattr(token, column.key) for column in FeedToken.__table__.columns}
    assert database.glance(_TOKEN, {"since": TEST_MOMENT}) == columns


def test_a_glance_at_nothing_is_none_and_the_question_can_be_asked_again(database: Database) -> None:
    assert database.glance(_TOKEN, {"since": TEST_MOMENT + timedelta(seconds=1)}) is None
    assert database.glance(_TOKEN, {"since": TEST_MOMENT}) is not None


def test_a_glance_without_one_of_its_parameters_is_refused(database: Database) -> None:
    with pytest.raises(KeyError, match="since"):
        database.glance(_TOKEN, {})
