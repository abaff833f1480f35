"""How a page shows what is sensitive of a child: a form is sent, the reading is noted, then values go out.

A page is first shown without any of it, with `sensitive_part` for the macro in `sensitive.html`, whose buttons send a
form with the fields to show. The view of that form calls `show_fields` before it renders; from then on the attributes
of the child's rows give their text. The note is in the request's transaction; where that is dropped, it is kept apart.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask import request

from core.db.models import Child
from core.domain.vocabulary import SensitiveField
from core.extensions import actor, db, wiring
from core.services.grants import read_fields, readable_fields


@dataclass(frozen=True)
class SensitivePart:
    """What a page shows of a child that is sensitive, what it could show at a click, and what takes leave first."""

    child_id: UUID
    shown: frozenset[SensitiveField]
    offered: tuple[SensitiveField, ...]
    closed: tuple[SensitiveField, ...]


def show_fields(child: Child) -> frozenset[SensitiveField]:
    """Open the fields that the form which was sent asks for, note the reading, and return them.

    Raises NotAllowedError where the reader has no leave to one of them; what is no field is left away.
    """
    asked = {SensitiveField(word) for word in request.form.getlist("field") if word in set(SensitiveField)}
    return read_fields(db.session, actor(), wiring().clock, child, asked)


def sensitive_part(child: Child, shown: Collection[SensitiveField] = ()) -> SensitivePart:
    """Return what the macro of `sensitive.html` needs to offer the rest of what may be read."""
    readable = readable_fields(db.session, actor(), child, wiring().clock.now())
    left = [field for field in SensitiveField if field not in shown]
    return SensitivePart(
        child.id,
        frozenset(shown),
        tuple(field for field in left if field in readable),
        tuple(field for field in left if field not in readable),
    )
