"""Two files that are made one lose no registration that counts, and give each back as it was."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import (
    ActivityIntake,
    AuditEntry,
    GroupMember,
    Registration,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.ids import new_id
from core.domain.registering import HOLDING, LIVE, Place
from core.services.merging.files import Merged
from core.services.merging.undoing import unmerge
from core.services.stations import scope_of_station
from tests.integration.builders import (
    SATURDAY,
    a_station,
    at,
)
from tests.integration.merging import CAPACITY, LATER, a_file, everything, merged, named, registered
from tests.integration.registering import an_announced, an_open_term

ENDED = st.lists(st.sampled_from(sorted(set(Place) - LIVE)), max_size=2)
LIVES = st.none() | st.sampled_from(sorted(LIVE))
#: Of one activity: what each file has that counts, and what each has that ended; the form may be the same.
OF_AN_ACTIVITY = st.tuples(LIVES, LIVES, ENDED, ENDED, st.booleans(), st.booleans())


@settings(
    max_examples=max(25, settings().max_examples // 4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(activities=st.lists(OF_AN_ACTIVITY, min_size=1, max_size=3))
def test_no_registration_that_counts_is_lost_and_all_comes_back(writing: Session, activities: list[Any]) -> None:
    with writing.begin_nested() as example:
        merge_and_take_back(writing, activities)
        example.rollback()


def merge_and_take_back(writing: Session, activities: list[Any]) -> None:
    station = a_station(writing)
    term = an_open_term(writing, station)
    kept, former = (a_file(writing, station) for _ in range(2))
    keys = [kept.id, former.id]
    for number, (mine, theirs, ended, others, same_form, earlier) in enumerate(activities):
        activity = an_announced(writing, term, CAPACITY, at(SATURDAY, 8 + number)).id
        form = {"request_id": new_id()} if same_form else {}
        first, second = (2, 1) if earlier else (1, 2)
        for child, live, over, position in ((kept, mine, ended, first), (former, theirs, others, second)):
            for place, state in enumerate(over):
                registered(writing, child, activity, state, 10 * position + place)
            if live is not None:
                registered(writing, child, activity, live, position, **form)
    lives = live_of(writing, keys)
    before = everything(writing)
    done = merged(writing, *keys)
    after = live_of(writing, keys)
    for activity, rows in lives.items():
        best = min(rows, key=rank)
        (stays,) = after[activity]
        assert rank(stays) == rank(best), "The better one stays."
        assert stays[0] == keys[0]
        event("both files count" if len(rows) == len(keys) else "one file counts")
    assert after.keys() == lives.keys()
    assert_ended(writing, before, done)
    assert_groups(writing)
    assert unmerge(writing, SYSTEM, LATER, keys[0]) == keys[1]
    assert everything(writing) == before


def live_of(session: Session, children: list[UUID]) -> dict[UUID, list[tuple[UUID, Place, int | None]]]:
    """Return the children's registrations that count, by activity: whose, where it stands, its position."""
    found: dict[UUID, list[tuple[UUID, Place, int | None]]] = {}
    query = select(Registration).where(Registration.child_id.in_(children), Registration.state.in_(LIVE))
    for row in session.scalars(query):
        found.setdefault(row.activity_id, []).append((row.child_id, row.state, row.position))
    return found


def rank(live: tuple[UUID, Place, int | None]) -> tuple[int, int]:
    _child, state, position = live
    return [Place.PLACED, Place.OFFERED, Place.WAITING].index(state), (position or 0) * (state is Place.WAITING)


def assert_ended(session: Session, before: Mapping[tuple[str, UUID], Mapping[str, Any]], done: Merged) -> None:
    """Every registration is there; what counted and doesn't any more ended with an entry that says for which."""
    rows = {row.id: row for row in session.scalars(select(Registration))}
    old = {key: values for (table, key), values in named(before).items() if table == "registrations"}
    assert rows.keys() == old.keys()
    over = {key for key, values in old.items() if values["state"] in LIVE and rows[key].state not in LIVE}
    assert done.rows.get("registrations_ended", 0) == len(over)
    for key in over:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == key)).one()
        assert entry.action == "registration.united"
        assert rows[UUID(entry.detail["stays"])].state in LIVE
        assert rows[key].former is old[key]["state"]


def assert_groups(session: Session) -> None:
    """Who has a place is in the group, once, and nobody else."""
    for intake in session.scalars(select(ActivityIntake)):
        members = session.scalars(select(GroupMember.child_id).where(GroupMember.group_id == intake.group_id)).all()
        rows = session.scalars(select(Registration).where(Registration.activity_id == intake.activity_id)).all()
        assert sorted(members) == sorted(row.child_id for row in rows if row.state is Place.PLACED)
        assert sum(row.state in HOLDING for row in rows) <= intake.capacity


def test_a_registration_at_a_station_out_of_reach_goes_over(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        county = a_station(session)
        station = a_station(session, county)
        activity = an_announced(session, an_open_term(session, county), CAPACITY).id
        kept, former = a_file(session, station), a_file(session, station)
        registered(session, former, activity, Place.PLACED, 1)
        keys, reach = (kept.id, former.id), scope_of_station(session, station.id)
    with database.writing(reach) as session:
        assert session.scalars(select(Registration)).all() == []
        merged(session, *keys)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Registration.child_id)).one() == keys[0]
        assert session.scalars(select(GroupMember.child_id)).one() == keys[0]
