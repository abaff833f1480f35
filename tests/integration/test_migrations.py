"""Migrations go up, down and up again, whole or not at all, and the guards stand after each."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from textwrap import dedent, indent

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.db.guards import CLEARANCE_GUARD, ROOM_GUARD, VOLUNTEER_GUARD
from core.db.histories import History
from core.db.migrate import CORE, downgrade, drift, upgrade
from core.db.models import ActivitySession, Assignment, Station, Volunteer, VolunteerPresence
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.ids import new_id
from core.domain.serving import Stage
from core.hooks.manager import load_hooks
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    at,
    held,
)
from tests.integration.test_guards import guards_of

NINE = at(SATURDAY, 9)
Next = Callable[[str], History]


@pytest.fixture
def next_step(tmp_path: Path) -> Next:
    """Return a function that gives core's history with one more revision, whose upgrade does what it is told."""
    versions = tmp_path / "versions"
    shutil.copytree(CORE.versions, versions, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name.partition("_")[0] for path in versions.glob("*.py"))

    def write(body: str) -> History:
        lines = [f'revision = "test"\ndown_revision = "{head}"\nbranch_labels = None\ndepends_on = None']
        lines += ["import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():"]
        lines += [indent(dedent(body).strip(), "    "), "\n\ndef downgrade():\n    pass\n"]
        (versions / "test.py").write_text("\n".join(lines), encoding="utf-8")
        return replace(CORE, versions=versions)

    return write


def book(database: Database) -> None:
    """Hold a session at nine; a second session of the activity is there to be held beside it."""
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        room = a_room(session, a_venue(session, station))
        rows = an_activity(session, a_term(session, station), session_count=2).sessions
        held(session, rows[0], NINE, room, [a_volunteer(session, station)])


def book_again(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        first, second = session.scalars(select(ActivitySession).order_by(ActivitySession.position))
        held(session, second, NINE, first.room)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def version_of(database: Database) -> str | None:
    with database.engine.connect() as connection:
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version_core"))
    return version


def test_down_leaves_nothing_and_up_again_brings_all_back(database: Database) -> None:
    before = tables(database)
    downgrade(database.engine, CORE)
    assert tables(database) == {"alembic_version_core"}
    assert version_of(database) is None
    assert guards_of(database.engine) == set()
    if not database.embedded:
        with database.engine.connect() as connection:
            left = connection.scalars(text("SELECT typname FROM pg_type WHERE typname = 'uuidrange'"))
            assert left.all() == []
    upgrade(database.engine, CORE)
    assert tables(database) == before
    assert drift(database.engine, CORE, load_hooks().histories) == []


def test_every_single_step_goes_down_and_up(database: Database) -> None:
    steps = sorted(path.name.partition("_")[0] for path in CORE.versions.glob("*.py"))
    for revision in reversed(steps[:-1]):
        downgrade(database.engine, CORE, revision)
        assert version_of(database) == revision
    for revision in steps[1:]:
        upgrade(database.engine, CORE, revision)
        assert version_of(database) == revision
    assert drift(database.engine, CORE, load_hooks().histories) == []


def test_drift_is_noticed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE rooms DROP COLUMN turnover CASCADE" if not database.embedded else RENAME))
        connection.execute(text("CREATE TABLE stray (id INTEGER)"))
    found = str(drift(database.engine, CORE, load_hooks().histories))
    assert "turnover" in found
    assert "stray" in found


#: SQLite keeps a column that a check speaks of.
RENAME = "ALTER TABLE rooms RENAME COLUMN turnover TO turned_over"


def test_the_guards_stand_after_down_and_up(database: Database) -> None:
    downgrade(database.engine, CORE)
    upgrade(database.engine, CORE)
    book(database)
    with pytest.raises(IntegrityError, match=ROOM_GUARD):
        book_again(database)


def test_whoever_served_and_was_checked_is_accepted_by_the_migration(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        served, resting, never = (a_volunteer(session, station, active=active) for active in (True, False, True))
        failed = a_volunteer(session, station)
        failed.clearances[0].passed = False
        never.clearances.clear()
    ids = [served.id, resting.id, never.id, failed.id]
    downgrade(database.engine, CORE, "0012")
    upgrade(database.engine, CORE)
    with database.reading(EVERYTHING) as session:
        stages = [session.get_one(Volunteer, key).stage for key in ids]
    assert stages == [Stage.ACCEPTED, Stage.APPLICANT, Stage.APPLICANT, Stage.APPLICANT]


REBUILD = """
with op.batch_alter_table("sessions", recreate="always") as batch:
    batch.alter_column("reason", type_=sa.String(300))
with op.batch_alter_table("assignments", recreate="always") as batch:
    batch.alter_column("role", type_=sa.String(100))
"""


def test_the_guards_stand_after_their_tables_were_made_anew(database: Database, next_step: Next) -> None:
    book(database)
    before = guards_of(database.engine)
    upgrade(database.engine, next_step(REBUILD if database.embedded else REBUILD.replace("always", "auto")))
    assert version_of(database) == "test"
    assert guards_of(database.engine) == before
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1
    with pytest.raises(IntegrityError, match=ROOM_GUARD):
        book_again(database)


def test_a_table_made_anew_loses_its_guard_where_nobody_lays_it_again(sqlite_database: Database) -> None:
    book(sqlite_database)
    with sqlite_database.engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        with operations.batch_alter_table("assignments", recreate="always"):
            pass
    left = guards_of(sqlite_database.engine)
    assert {f"{ROOM_GUARD}_insert", f"{ROOM_GUARD}_update"} <= left
    assert not any(name.startswith((VOLUNTEER_GUARD, f"{CLEARANCE_GUARD}_assignments")) for name in left)


def test_a_parent_made_anew_keeps_its_children(sqlite_database: Database, next_step: Next) -> None:
    book(sqlite_database)
    history = next_step("""
        for table in ("stations", "volunteers", "sessions"):
            with op.batch_alter_table(table, recreate="always"):
                pass
    """)
    upgrade(sqlite_database.engine, history)
    with sqlite_database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1
        assert session.scalars(select(Assignment)).one().volunteer.skills == []


def test_foreign_keys_are_kept_again_after_a_migration(database: Database, next_step: Next) -> None:
    def add_an_orphan() -> None:
        with database.writing(EVERYTHING) as session:
            a_venue(session, Station(id=new_id()))

    upgrade(database.engine, next_step("pass"))
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        add_an_orphan()


def test_a_migration_that_would_leave_orphans_is_taken_back(sqlite_database: Database, next_step: Next) -> None:
    book(sqlite_database)
    before = version_of(sqlite_database)
    with pytest.raises(RuntimeError, match="refer to nothing"):
        upgrade(sqlite_database.engine, next_step('op.execute("DELETE FROM stations")'))
    assert version_of(sqlite_database) == before
    with sqlite_database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Station)) == 1
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize(
    "failure", ['raise ConnectionError("the power is gone")', 'op.execute("SELECT * FROM nowhere")']
)
def test_a_migration_that_fails_leaves_nothing_half_done(database: Database, next_step: Next, failure: str) -> None:
    book(database)
    before = (tables(database), version_of(database), guards_of(database.engine))
    history = next_step(f"""
        op.create_table("half", sa.Column("id", sa.Integer()))
        op.drop_table("web_sessions")
        op.execute(sa.delete(sa.table("assignments")))
        {failure}
    """)
    with pytest.raises((ConnectionError, DBAPIError)):
        upgrade(database.engine, history)
    assert (tables(database), version_of(database), guards_of(database.engine)) == before
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1
    with pytest.raises(IntegrityError, match=ROOM_GUARD):
        book_again(database)


def test_upgrading_what_is_up_to_date_changes_nothing(database: Database) -> None:
    before = (tables(database), version_of(database), guards_of(database.engine))
    upgrade(database.engine, CORE)
    assert (tables(database), version_of(database), guards_of(database.engine)) == before


def test_of_two_stays_the_step_back_makes_one(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        row = held(session, an_activity(session, a_term(session, station)).sessions[0], NINE)
        own = {
            "station_id": station.id,
            "session_id": row.id,
            "volunteer_id": a_volunteer(session, station).id,
            "served_on": SATURDAY,
        }
        for hour in (9, 11):
            times = {"arrived_at": at(SATURDAY, hour), "left_at": at(SATURDAY, hour + 1)}
            session.add(VolunteerPresence(**own, **times, noted_at=TEST_MOMENT + timedelta(hours=hour)))
    downgrade(database.engine, CORE, "0030")
    upgrade(database.engine, CORE)
    with database.reading(EVERYTHING) as session:
        stay = session.scalars(select(VolunteerPresence)).one()
        assert (stay.arrived_at, stay.left_at) == (NINE, at(SATURDAY, 12))
