"""Rows of any table whatever, each made with all that it refers to, so that no table can be forgotten."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Column, Enum, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.types import TypeEngine

from core.db.base import Base, UtcDateTime
from core.db.sealed import Encrypted, SealedText
from core.domain.ids import new_id

_MOMENT: Final = datetime(2026, 11, 1, tzinfo=UTC)
#: What a row needs beyond the first value of each kind, by its table, so that the database takes it.
_NEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "access_grants": {"ends_at": datetime(2026, 11, 2, tzinfo=UTC)},
    # The migrations bring the first texts.
    "consent_texts": {"version": 99},
    "incidents": {"told_at": _MOMENT},
    "school_link_classes": {"pupils": 20},
    "school_link_schools": {"closes": time(17)},
    "station_hours": {"closes": time(17)},
    "availabilities": {"to_time": time(17)},
    "busy_times": {"ends_at": datetime(2026, 11, 1, 10)},  # noqa: DTZ001 (the station's wall clock)
    "duty_requests": {"ends_at": datetime(2026, 11, 1, 10), "deadline": _MOMENT},  # noqa: DTZ001 (wall clock)
    "serving_rules": {"late_hours": 1, "minors_until": time(17)},
}
#: What a row refers to though its column may be empty, by its table.
_REFERRED: Final[Mapping[str, frozenset[str]]] = {"notice_choices": frozenset({"volunteer_id"})}
_VALUES: Final[dict[type, Any]] = {
    bool: False,
    int: 1,
    date: date(2026, 11, 1),
    time: time(9),
    datetime: datetime(2026, 11, 1, 9),  # noqa: DTZ001 (the station's wall clock)
}


def one_of_each(
    session: Session, models: Iterable[type[Base]], there: Mapping[type[Base], Base]
) -> dict[type[Base], Base]:
    """Return a row of each table, the one that is `there` or one that is made, with all that they refer to."""
    rows = dict(there)
    for model in models:
        a_row(session, model, rows, {})
    return rows


def a_row(session: Session, model: type[Base], rows: dict[type[Base], Base], texts: Mapping[str, str]) -> Base:
    """Return the model's row with these texts, made with all that it refers to where there is none yet."""
    row = rows.get(model)
    if row is None:
        row = model(id=new_id())
        for key, value in (_filled(session, model, rows) | dict(_NEEDED.get(model.__tablename__, {}))).items():
            setattr(row, key, value)
        for name in sealed_of(model):
            setattr(row, name, texts.get(name, ""))
        rows[model] = row
        session.add(row)
    for key, text in texts.items():
        setattr(row, key, text)
    session.flush()
    return row


def sealed_of(model: type[Base]) -> Iterator[str]:
    """Yield the attributes of a mapped class whose text is sealed in the database."""
    yield from (key for key in dir(model) if isinstance(getattr(model, key, None), SealedText))


def _filled(session: Session, model: type[Base], rows: dict[type[Base], Base]) -> dict[str, Any]:
    mapper: Mapper[Any] = inspect(model)
    return {
        attribute.key: _value(session, attribute.columns[0], rows)
        for attribute in mapper.column_attrs
        if isinstance(column := attribute.columns[0], Column)
        and not (column.primary_key or column.nullable or column.default or column.server_default)
        and not isinstance(column.type, Encrypted)
    } | {
        key: _value(session, mapper.column_attrs[key].columns[0], rows)
        for key in _REFERRED.get(model.__tablename__, ())
    }


def _value(session: Session, column: Any, rows: dict[type[Base], Base]) -> Any:
    if column.foreign_keys:
        referred = next(iter(column.foreign_keys)).column
        target = next(mapper for mapper in Base.registry.mappers if mapper.local_table is referred.table)
        row = rows[target.class_] if target.class_ in rows else a_row(session, target.class_, rows, {})
        return getattr(row, target.get_property_by_column(referred).key)
    return _sample(column.type)


def _sample(kind: TypeEngine[Any]) -> Any:
    """Return a value that a column of this type takes, unlike the one before where it is text, bytes or a key."""
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or kind.enums))
    if isinstance(kind, UtcDateTime):
        return _MOMENT
    if isinstance(kind, JSON):
        return []
    fresh = new_id()
    unlike = {UUID: fresh, bytes: fresh.bytes * 2, str: fresh.hex[:20]}
    return (unlike | _VALUES)[kind.python_type]
