"""Guards in the database itself: nothing books a room twice, overfills an activity or lets the unchecked near children.

PostgreSQL has exclusion constraints against double booking; a range type over UUIDs makes a plain GiST index serve,
without an extension. SQLite has triggers, which its batch migrations drop silently, and which keep it from making a
table anew that they speak of: `lift_guards` takes them up before every migration, `lay_guards` lays them anew after it.
"""

from sqlalchemy import Connection, inspect

from core.db.wish_guard import lay_wish_guard, lift_wish_guard

#: What the error of a refused row contains, on either database.
ROOM_GUARD = "guard_room_taken"
VOLUNTEER_GUARD = "guard_volunteer_taken"
CLEARANCE_GUARD = "guard_volunteer_not_cleared"
CAPACITY_GUARD = "guard_activity_full"

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

#: Where somebody is put near children: the table, its day, and what of it is looked at when it is changed.
_NEAR_CHILDREN = (
    ("assignments", "date(NEW.starts_at)", "volunteer_id, starts_at"),
    ("volunteer_presences", "NEW.served_on", "volunteer_id, served_on"),
)
# What the service that decides asks as well, but for a guardian's consent: accepted, at the station's disposal, and a
# check that was passed within a year before the day, with none failed on its day or since.
_IS_CLEARED = """
    SELECT 1 FROM volunteers JOIN clearances AS passed ON passed.volunteer_id = volunteers.id
    WHERE volunteers.id = NEW.volunteer_id AND volunteers.stage = 'accepted' AND volunteers.active
    AND passed.passed AND passed.checked_on <= {day} AND {day} <= passed.valid_until
    AND {day} <= {a_year_after}
    AND NOT EXISTS (
        SELECT 1 FROM clearances AS failed
        WHERE failed.volunteer_id = volunteers.id AND NOT failed.passed
        AND failed.checked_on <= {day} AND failed.checked_on >= passed.checked_on
    )
"""
_SQLITE_CLEARED = """
CREATE TRIGGER {name}_{table}_{moment} BEFORE {event} ON {table} WHEN NOT EXISTS ({cleared})
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""
_POSTGRESQL_CLEARED = """
CREATE FUNCTION {name}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS ({cleared}) THEN
        RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""

_TAKEN = "SELECT count(*) FROM registrations AS other WHERE other.state IN ('placed', 'offered')"
_IN_OTHER_PLACES = f"{_TAKEN} AND other.activity_id = NEW.activity_id AND other.id <> NEW.id"
_CAPACITY = "SELECT capacity FROM activity_intakes WHERE activity_id = NEW.activity_id"
_SQLITE_CAPACITY = (
    f"""CREATE TRIGGER {CAPACITY_GUARD}_insert BEFORE INSERT ON registrations
    WHEN NEW.state IN ('placed', 'offered') AND ({_IN_OTHER_PLACES}) >= ({_CAPACITY})
    BEGIN SELECT RAISE(ABORT, '{CAPACITY_GUARD}'); END""",
    f"""CREATE TRIGGER {CAPACITY_GUARD}_update BEFORE UPDATE OF state, activity_id ON registrations
    WHEN NEW.state IN ('placed', 'offered') AND ({_IN_OTHER_PLACES}) >= ({_CAPACITY})
    BEGIN SELECT RAISE(ABORT, '{CAPACITY_GUARD}'); END""",
    f"""CREATE TRIGGER {CAPACITY_GUARD}_lowered BEFORE UPDATE OF capacity ON activity_intakes
    WHEN ({_TAKEN} AND other.activity_id = NEW.activity_id) > NEW.capacity
    BEGIN SELECT RAISE(ABORT, '{CAPACITY_GUARD}'); END""",
)
# It counts what the actor doesn't see as well; whoever comes second waits at the activity's row. A function of a role
# without special rights can't be declared with settings of its own, so it changes them and puts them back.
_POSTGRESQL_COUNTING = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stations text := coalesce(current_setting('weibao.stations', true), '');
    hidden text := coalesce(current_setting('weibao.hidden', true), '');
    places integer;
    taken integer;
BEGIN
    PERFORM set_config('weibao.stations', '*', true), set_config('weibao.hidden', '', true);
    {places};
    taken := ({taken});
    PERFORM set_config('weibao.stations', stations, true), set_config('weibao.hidden', hidden, true);
    IF taken > places THEN
        RAISE EXCEPTION '{guard}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_POSTGRESQL_CAPACITY = (
    _POSTGRESQL_COUNTING.format(
        name=CAPACITY_GUARD,
        guard=CAPACITY_GUARD,
        places=f"{_CAPACITY} INTO places FOR UPDATE",
        taken=f"1 + ({_IN_OTHER_PLACES})",
    ),
    _POSTGRESQL_COUNTING.format(
        name=f"{CAPACITY_GUARD}_lowered",
        guard=CAPACITY_GUARD,
        places="places := NEW.capacity",
        taken=f"{_TAKEN} AND other.activity_id = NEW.activity_id",
    ),
    f"""CREATE TRIGGER {CAPACITY_GUARD} BEFORE INSERT OR UPDATE OF state, activity_id ON registrations
    FOR EACH ROW WHEN (NEW.state IN ('placed', 'offered')) EXECUTE FUNCTION {CAPACITY_GUARD}()""",
    f"""CREATE TRIGGER {CAPACITY_GUARD}_lowered BEFORE UPDATE OF capacity ON activity_intakes
    FOR EACH ROW EXECUTE FUNCTION {CAPACITY_GUARD}_lowered()""",
)

_POSTGRESQL = (
    f"""ALTER TABLE sessions ADD CONSTRAINT {ROOM_GUARD} EXCLUDE USING gist
    (uuidrange(room_id, room_id, '[]') WITH &&, tsrange(starts_at, room_free_at) WITH &&)
    WHERE (status = 'held' AND room_id IS NOT NULL)""",
    f"""ALTER TABLE assignments ADD CONSTRAINT {VOLUNTEER_GUARD} EXCLUDE USING gist
    (uuidrange(volunteer_id, volunteer_id, '[]') WITH &&, tsrange(starts_at, ends_at) WITH &&)""",
)


def lay_guards(connection: Connection) -> None:
    """Lay the guards anew where their tables exist, in the caller's transaction."""
    lift_guards(connection)
    tables = set(inspect(connection).get_table_names())
    sqlite = connection.dialect.name == "sqlite"
    if {"sessions", "assignments"} <= tables:
        (_lay_triggers if sqlite else _lay_constraints)(connection)
    # Before there were stages there was nothing to go by.
    if "volunteer_steps" in tables:
        (_lay_clearance_triggers if sqlite else _lay_clearance_functions)(connection)
    if "registrations" in tables:
        for statement in _SQLITE_CAPACITY if sqlite else _POSTGRESQL_CAPACITY:
            connection.exec_driver_sql(statement)
    if "wish_lists" in tables:
        lay_wish_guard(connection)


def lift_guards(connection: Connection) -> None:
    """Take all guards up, in the caller's transaction, so that the tables they speak of can be changed."""
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            if name.startswith("guard_"):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for guard in (_ROOMS, _VOLUNTEERS):
        connection.exec_driver_sql(f"ALTER TABLE IF EXISTS {guard['table']} DROP CONSTRAINT IF EXISTS {guard['name']}")
    for table, _day, _columns in _NEAR_CHILDREN:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {CLEARANCE_GUARD}_{table}() CASCADE")
    for name in (CAPACITY_GUARD, f"{CAPACITY_GUARD}_lowered"):
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    lift_wish_guard(connection)
    connection.exec_driver_sql("DROP TYPE IF EXISTS uuidrange")


def _lay_triggers(connection: Connection) -> None:
    for guard in (_ROOMS, _VOLUNTEERS):
        for moment, when in (("insert", "INSERT"), ("update", "UPDATE")):
            connection.exec_driver_sql(_SQLITE_TRIGGER.format(moment=moment, event=when, **guard))


def _lay_clearance_triggers(connection: Connection) -> None:
    for table, day, columns in _NEAR_CHILDREN:
        cleared = _IS_CLEARED.format(day=day, a_year_after="date(passed.checked_on, '+1 year')")
        for moment, when in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}")):
            connection.exec_driver_sql(
                _SQLITE_CLEARED.format(name=CLEARANCE_GUARD, table=table, moment=moment, event=when, cleared=cleared)
            )


def _lay_constraints(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
    for constraint in _POSTGRESQL:
        connection.exec_driver_sql(constraint)


def _lay_clearance_functions(connection: Connection) -> None:
    for table, day, columns in _NEAR_CHILDREN:
        cleared = _IS_CLEARED.format(day=day, a_year_after="passed.checked_on + interval '1 year'")
        connection.exec_driver_sql(_POSTGRESQL_CLEARED.format(name=CLEARANCE_GUARD, table=table, cleared=cleared))
        connection.exec_driver_sql(
            f"CREATE TRIGGER {CLEARANCE_GUARD}_{table} BEFORE INSERT OR UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {CLEARANCE_GUARD}_{table}()"
        )
