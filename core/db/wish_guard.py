"""The guard in the database that nobody's wishes change once their round is closed; laid and lifted with the others."""

from typing import Final

from sqlalchemy import Connection

#: What the error of a refused row contains, on either database.
WISH_GUARD: Final = "guard_wishes_closed"

_CLOSED: Final = "EXISTS (SELECT 1 FROM wish_rounds WHERE term_id = NEW.term_id AND closed_at IS NOT NULL)"
_WRITTEN: Final = "term_id, number, ranked, most, friends"
_EVENTS: Final = (("insert", "INSERT"), ("update", f"UPDATE OF {_WRITTEN}"))
# A guardian's session doesn't see the round of a station above theirs, so the function looks beyond the wall. Whoever
# closes the round has its row locked: a list that is written meanwhile waits for that here, and is refused.
_FUNCTION: Final = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stations text := coalesce(current_setting('weibao.stations', true), '');
    closed timestamp;
BEGIN
    PERFORM set_config('weibao.stations', '*', true);
    SELECT closed_at FROM wish_rounds WHERE term_id = NEW.term_id FOR SHARE INTO closed;
    PERFORM set_config('weibao.stations', stations, true);
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def lay_wish_guard(connection: Connection) -> None:
    """Lay the guard on the lists, which must exist, in the caller's transaction."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.exec_driver_sql(_FUNCTION.format(name=WISH_GUARD))
    for moment, event in _EVENTS:
        begin = f"CREATE TRIGGER {WISH_GUARD}_{moment} BEFORE {event} ON wish_lists"
        if sqlite:
            connection.exec_driver_sql(f"{begin} WHEN {_CLOSED} BEGIN SELECT RAISE(ABORT, '{WISH_GUARD}'); END")
        else:
            connection.exec_driver_sql(f"{begin} FOR EACH ROW EXECUTE FUNCTION {WISH_GUARD}()")


def lift_wish_guard(connection: Connection) -> None:
    """Take the guard up on PostgreSQL; on SQLite all guards are lifted by their names."""
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {WISH_GUARD}() CASCADE")
