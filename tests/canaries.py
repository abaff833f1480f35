"""Canaries: a text of its own in every protected field of every table there is, and the forms in which it gets out.

The fields are asked of the mapped classes, so that one that is new can't be forgotten.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import quote

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.sealed import Encrypted
from core.db.session import Database
from core.domain.vocabulary import SensitiveField
from tests.rows import a_row, sealed_of

#: How every canary begins; three letters of Chinese twice, so that it is long enough to be found within Base64.
STEM: Final = "金丝雀飞出笼"
#: How the text begins that stands in a plain column, as the control.
CONTROL: Final = "白鸽子飞出窗"


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
        a_row(session, model, rows, texts)
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
    for key in sealed_of(model):
        kind = mapper.column_attrs[getattr(model, key)._attribute].columns[0].type
        assert isinstance(kind, Encrypted)
        yield ProtectedField(model, key, kind.sensitive)
