"""Guards against double booking, in the database itself: no code path can put two sessions into one room at once.

PostgreSQL has exclusion constraints; a range type over UUIDs makes a plain GiST index serve, without an extension.
SQLite has triggers, which its batch migrations drop silently: `lay_guards` lays them anew after every migration.
"""

from sqlalchemy import Connection, inspect

#: What the error of a refused row contains, on either database.
ROOM_GUARD = "guard_room_taken"
VOLUNTEER_GUARD = "guard_volunteer_taken"

_SQLITE_TRIGGER = """
CREATE TRIGGER {name}_{moment} BEFORE {event} ON {table}
WHEN {applies} AND EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.{subject} = NEW.{subject} AND other.id <> NEW.id {other_applies}
    AND other.starts_at < NEW.{free} AND NEW.starts_at < other.{free}
)
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""

_ROOMS = {
    "name": ROOM_GUARD,
    "table": "sessions",
    "subject": "room_id",
    "free": "room_free_at",
    "applies": "NEW.status = 'held' AND NEW.room_id IS NOT NULL",
    "other_applies": "AND other.status = 'held'",
}
_VOLUNTEERS = {
    "name": VOLUNTEER_GUARD,
    "table": "assignments",
    "subject": "volunteer_id",
    "free": "ends_at",
    "applies": "1",
    "other_applies": "",
}

_POSTGRESQL = (
    f"""ALTER TABLE sessions ADD CONSTRAINT {ROOM_GUARD} EXCLUDE USING gist
    (uuidrange(room_id, room_id, '[]') WITH &&, tsrange(starts_at, room_free_at) WITH &&)
    WHERE (status = 'held' AND room_id IS NOT NULL)""",
    f"""ALTER TABLE assignments ADD CONSTRAINT {VOLUNTEER_GUARD} EXCLUDE USING gist
    (uuidrange(volunteer_id, volunteer_id, '[]') WITH &&, tsrange(starts_at, ends_at) WITH &&)""",
)


def lay_guards(connection: Connection) -> None:
    """Lay the guards anew where their tables exist, in the caller's transaction."""
    tables = set(inspect(connection).get_table_names())
    ready = {"sessions", "assignments"} <= tables
    if connection.dialect.name == "sqlite":
        _lay_triggers(connection, ready=ready)
    else:
        _lay_constraints(connection, ready=ready)


def _lay_triggers(connection: Connection, *, ready: bool) -> None:
    for guard in (_ROOMS, _VOLUNTEERS):
        for moment, when in (("insert", "INSERT"), ("update", "UPDATE")):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard['name']}_{moment}")
            if ready:
                connection.exec_driver_sql(_SQLITE_TRIGGER.format(moment=moment, event=when, **guard))


def _lay_constraints(connection: Connection, *, ready: bool) -> None:
    for guard in (_ROOMS, _VOLUNTEERS):
        connection.exec_driver_sql(f"ALTER TABLE IF EXISTS {guard['table']} DROP CONSTRAINT IF EXISTS {guard['name']}")
    connection.exec_driver_sql("DROP TYPE IF EXISTS uuidrange")
    if ready:
        connection.exec_driver_sql("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
        for constraint in _POSTGRESQL:
            connection.exec_driver_sql(constraint)
