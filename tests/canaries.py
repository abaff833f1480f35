"""Canaries: a text of its own in every protected field of every table there is, and the forms in which it gets out.

The fields are asked of the mapped classes, so that one that is new can't be forgotten.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import JSON, Column, Enum, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.types import TypeEngine

from core.db.base import Base, UtcDateTime
from core.db.sealed import Encrypted, SealedText
from core.db.session import Database
from core.domain.ids import new_id
from core.domain.vocabulary import SensitiveField

#: How every canary begins; three letters of Chinese twice, so that it is long enough to be found within Base64.
STEM: Final = "金丝雀飞出笼"
#: How the text begins that stands in a plain column, as the control.
CONTROL: Final = "白鸽子飞出窗"
_MOMENT: Final = datetime(2026, 11, 1, tzinfo=UTC)
#: What a row needs beyond the first value of each kind, by its table, so that the database takes it.
_NEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "access_grants": {"ends_at": datetime(2026, 11, 2, tzinfo=UTC)},
}
_VALUES: Final[dict[type, Any]] = {
    bool: False,
    int: 1,
    date: date(2026, 11, 1),
    time: time(9),
    datetime: datetime(2026, 11, 1, 9),  # noqa: DTZ001 (the station's wall clock)
}


@dataclass(frozen=True)
class ProtectedField:
    """A sealed attribute of a mapped class."""

    model: type[Base]
    attribute: str
    sensitive: SensitiveField | None

    @property
    def name(self) -> str:
        """The field as a person calls it: table and attribute."""
        return f"{self.model.__tablename__}.{self.attribute}"


def protected_fields(database: Database) -> tuple[ProtectedField, ...]:
    """Return every field of sealed text in the tables that the database has."""
    tables = set(inspect(database.engine).get_table_names())
    models = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ in tables]
    found = [field for model in models for field in _fields_of(model)]
    return tuple(sorted(found, key=lambda field: field.name))


def plant(
    session: Session,
    fields: Sequence[ProtectedField],
    *,
    shaped: Mapping[str, str],
    there: Mapping[type[Base], Base] | None = None,
) -> dict[ProtectedField, str]:
    """Put a canary in each of the fields, in rows that are `there` or are made, and return it by its field.

    A field that only takes texts of a certain form, such as a date, gets the `shaped` one of its name.
    """
    rows: dict[type[Base], Base] = dict(there or {})
    planted = {field: shaped.get(field.name, f"{STEM}{number:03}") for number, field in enumerate(fields)}
    # All of a row are set before it is written, since most may not be empty.
    for model in dict.fromkeys(field.model for field in planted):
        texts = {field.attribute: text for field, text in planted.items() if field.model is model}
        _row(session, model, rows, texts)
    session.flush()
    return planted


@cache
def forms_of(text: str) -> dict[str, bytes]:
    """Return the ways in which a text may stand in bytes."""
    raw = text.encode()
    aligned = {f"base64+{start}": _within_base64(raw, start) for start in range(3)}
    return {
        **{encoding: text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")},
        **aligned,
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "json": json.dumps(text)[1:-1].encode(),
        "url": quote(text).encode(),
        "html": "".join(f"&#{ord(letter)};" for letter in text).encode(),
    }


def traces(content: bytes, text: str = STEM) -> list[str]:
    """Return the forms in which a text stands in the content."""
    return [form for form, looked_for in forms_of(text).items() if looked_for in content]


def _within_base64(raw: bytes, start: int) -> bytes:
    """Return the letters that every Base64 has of which the text is part, `start` bytes after a multiple of three."""
    coded = b64encode(b"\0" * start + raw)
    first = -(-start * 8 // 6)
    return coded[first : (start + len(raw)) * 8 // 6]


def _fields_of(model: type[Base]) -> Iterator[ProtectedField]:
    mapper = inspect(model)
    for key in dir(model):
        if isinstance(found := getattr(model, key, None), SealedText):
            kind = mapper.column_attrs[found._attribute].columns[0].type
            assert isinstance(kind, Encrypted)
            yield ProtectedField(model, key, kind.sensitive)


def _row(session: Session, model: type[Base], rows: dict[type[Base], Base], texts: Mapping[str, str]) -> Base:
    """Return the model's row with these texts, made with all that it refers to where there is none yet."""
    row = rows.get(model)
    if row is None:
        row = model(id=new_id())
        for key, value in (_filled(session, model, rows) | dict(_NEEDED.get(model.__tablename__, {}))).items():
            setattr(row, key, value)
        for field in _fields_of(model):
            setattr(row, field.attribute, texts.get(field.attribute, ""))
        rows[model] = row
        session.add(row)
    for key, text in texts.items():
        setattr(row, key, text)
    session.flush()
    return row


def _filled(session: Session, model: type[Base], rows: dict[type[Base], Base]) -> dict[str, Any]:
    mapper: Mapper[Any] = inspect(model)
    return {
        attribute.key: _value(session, attribute.columns[0], rows)
        for attribute in mapper.column_attrs
        if isinstance(column := attribute.columns[0], Column)
        and not (column.primary_key or column.nullable or column.default or column.server_default)
        and not isinstance(column.type, Encrypted)
    }


def _value(session: Session, column: Any, rows: dict[type[Base], Base]) -> Any:
    if column.foreign_keys:
        referred = next(iter(column.foreign_keys)).column
        target = next(mapper for mapper in Base.registry.mappers if mapper.local_table is referred.table)
        kind = target.class_
        row = rows[kind] if kind in rows else _row(session, kind, rows, {})
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
