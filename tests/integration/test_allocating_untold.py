"""After places are published no family hears nothing: also where the wished activity isn't held."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Registration
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.registering import Place
from core.services.registration.ending import can_undo
from core.services.registration.telling import to_tell
from tests.integration.registering import a_desk
from tests.integration.test_allocating import published, solved, stored


def notices(session: Session) -> set[tuple[object, object, Place, str]]:
    return {(row.child_id, row.activity_id, row.state, row.notice) for row, _child, _activity in to_tell(session)}


def test_a_family_whose_activity_is_not_held_is_told_why(database: Database) -> None:
    # Two wish for an activity that needs two; one alone wishes for each of the others.
    wished, clock = stored(database, [(0,), (0,), (1,), (2, 0)], capacity=4, minimum=2, minimum_by=date(2026, 12, 1))
    done = published(database, clock, solved(database, wished, clock).id)
    assert done.figures == {"placed": 3, "waiting": 0, "refused": 0}
    with database.reading(EVERYTHING) as session:
        said = notices(session)
        untold = {(child, activity) for child, activity, state, _notice in said if state is Place.CANCELLED}
        assert untold == {(wished.children[2], wished.activities[1]), (wished.children[3], wished.activities[2])}
        assert all(notice for _child, _activity, state, notice in said if state is Place.CANCELLED)
        rows = session.scalars(select(Registration).where(Registration.state == Place.CANCELLED)).all()
        assert [can_undo(a_desk(clock), row) for row in rows] == [False, False]
