"""The second wall between stations, on PostgreSQL: row-level security, which textual SQL can't get around either.

Each transaction tells the database its scope; a row of another station doesn't exist for it and can't be written. A
transaction that tells nothing sees nothing. Roles with superuser rights are above it: the product's own role must
have none.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, inspect, text

from core.db.base import Base, LineageScoped, OfAChild, StationScoped
from core.domain.actor import Scope

_ALL = "*"
#: What a transaction tells, by the names under which PostgreSQL keeps it.
_STATIONS, _LINEAGE, _HIDDEN = "weibao.stations", "weibao.lineage", "weibao.hidden"
_TELL = text(
    f"SELECT set_config('{_STATIONS}', :stations, true), set_config('{_LINEAGE}', :lineage, true),"
    f" set_config('{_HIDDEN}', :hidden, true)"
)
#: The same as a driver takes it, for a transaction that sees everything.
SEE_EVERYTHING: Final = (
    f"SELECT set_config('{_STATIONS}', '{_ALL}', true), set_config('{_LINEAGE}', '{_ALL}', true),"
    f" set_config('{_HIDDEN}', '', true)"
)


def lay_row_security(connection: Connection) -> None:
    """Lay the policies anew on every scoped table that exists, in the caller's transaction; nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    existing = set(inspect(connection).get_table_names())
    for table, policies in _policies():
        if table not in existing:
            continue
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # The owner of the tables is the product itself, so the wall has to stand for the owner too.
        connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for name, policy in policies.items():
            connection.exec_driver_sql(f'DROP POLICY IF EXISTS "{name}" ON {table}')
            connection.exec_driver_sql(f'CREATE POLICY "{name}" ON {table} {policy}')


def tell_scope(connection: Connection, scope: Scope, hidden: frozenset[UUID] = frozenset()) -> None:
    """Tell the database the scope of the transaction, and which sealed files it hides; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        told = {"stations": _listed(scope, scope.stations), "lineage": _listed(scope, scope.lineage)}
        connection.execute(_TELL, {**told, "hidden": ",".join(sorted(map(str, hidden)))})


def _listed(scope: Scope, stations: frozenset[Any]) -> str:
    return _ALL if scope.everything else ",".join(sorted(map(str, stations)))


def _policies() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the policies of each scoped table: to read and write within the scope, or to read from above as well."""
    for mapper in Base.registry.mappers:
        kind, table = mapper.class_, str(mapper.local_table)
        if issubclass(kind, StationScoped):
            walls = {"weibao_scope": f"USING ({_within('station_id', _STATIONS)})"}
            if column := _child_column(kind, table):
                walls["weibao_sealed"] = f"AS RESTRICTIVE USING ({_unsealed(column)})"
            yield table, walls
        elif issubclass(kind, LineageScoped):
            yield table, _read_from_above("station_id", _within("station_id", _STATIONS))
        elif table == "stations":
            founded = f"{_within('id', _STATIONS)} OR {_within('parent_id', _STATIONS)}"
            yield table, _read_from_above("id", founded)


def _read_from_above(column: str, writable: str) -> dict[str, str]:
    return {
        "weibao_scope": f"USING ({_within(column, _STATIONS)}) WITH CHECK ({writable})",
        "weibao_lineage": f"FOR SELECT USING ({_within(column, _LINEAGE)})",
    }


def _child_column(kind: type[StationScoped], table: str) -> str | None:
    """Return the column that says of which child a row is, None for rows of no child."""
    return "id" if table == "children" else "child_id" if issubclass(kind, OfAChild) else None


def _unsealed(column: str) -> str:
    told = f"(SELECT current_setting('{_HIDDEN}', true))"
    return f"NOT (\"{column}\" = ANY (string_to_array({told}, ',')::uuid[]))"


def _within(column: str, setting: str) -> str:
    # As a subselect it is read once a query and not once a row.
    told = f"(SELECT current_setting('{setting}', true))"
    return f"{told} = '{_ALL}' OR \"{column}\" = ANY (string_to_array(nullif({told}, '{_ALL}'), ',')::uuid[])"
