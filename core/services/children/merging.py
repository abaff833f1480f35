"""Making one file of two that are of the same child: both histories are kept, and it is said what went where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child, ChildTurn
from core.db.opening import MachinePath, reading
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.child_file import Turn
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.services.children.dependents import hand_over, tables_of
from core.services.children.duplicates import name_birth_index
from core.services.children.keeping import StaleFileError, locked_child, note, touch

_STALE: Final = Message("One of the two files was changed meanwhile: compare them once more.")
#: What a merged file hands over where the kept one has nothing, in the order in which it is shown.
FIELDS: Final = (
    "sex",
    "ethnicity",
    "school",
    "grade",
    "address",
    "registered_address",
    "health",
    "diet",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
)
_FORMER: Final = ("number", "name", "document", "id_number", "birth_date", *FIELDS)


@dataclass(frozen=True)
class Merged:
    """What a merging did: how many rows of each table went over, and which empty fields were filled."""

    kept: UUID
    rows: Mapping[str, int]
    filled: tuple[str, ...]


def merge_children(
    session: Session,
    actor: Actor,
    clock: Clock,
    kept_id: UUID,
    former_id: UUID,
    *,
    versions: tuple[int, int],
    today: date,
) -> Merged:
    """Merge a file into another one; `versions` are those of the two that the person has compared.

    Everything that hangs on the former file goes over, its own fields fill what is empty, and what it said stays,
    sealed, in the history. Raises StaleFileError where one was changed since, ConflictError for two files whose
    documents say that they are of two children.
    """
    if kept_id == former_id:
        raise InvalidInputError(Message("These are not two files: choose another one."))
    kept, former = locked_child(session, kept_id), locked_child(session, former_id)
    if (kept.version, former.version) != versions:
        raise StaleFileError(_STALE)
    if kept.id_number_index and former.id_number_index and kept.birth_date != former.birth_date:
        raise ConflictError(
            Message("The two files have documents of different birth dates: correct the wrong one first.")
        )
    with reading(session, MachinePath.FILES):
        filled = _take_over(session, kept, former)
        rows = hand_over(session, tables_of(session), former, kept)
        _remember(session, actor, clock, kept, former, dict(rows), today)
    index = former.id_number_index
    _forget(session, former)
    if "id_number" in filled:
        kept.id_number_index = index
    session.expire(kept, ["guardians", "categories", "memberships", "pick_ups"])
    touch(session, kept, clock)
    session.flush()
    detail = {"former": str(former_id), "rows": dict(sorted(rows.items())), "filled": list(filled)}
    note(session, actor, clock, kept, "child.merged", detail)
    return Merged(kept.id, rows, filled)


def _take_over(session: Session, kept: Child, former: Child) -> tuple[str, ...]:
    filled = [name for name in FIELDS if not getattr(kept, name) and getattr(former, name)]
    for name in filled:
        setattr(kept, name, getattr(former, name))
    if "grade" in filled:
        kept.grade_year = former.grade_year
    if not kept.id_number and former.id_number:
        kept.document, kept.id_number = former.document, former.id_number
        filled.append("id_number")
    kept.name_birth_index = name_birth_index(vault_of(session), kept.name, kept.birth_date)
    return tuple(filled)


def _remember(
    session: Session, actor: Actor, clock: Clock, kept: Child, former: Child, rows: dict[str, int], today: date
) -> None:
    said = {name: getattr(former, name) for name in _FORMER if getattr(former, name)}
    turn = ChildTurn(
        station_id=kept.station_id,
        child_id=kept.id,
        turn=Turn.MERGED,
        day=today,
        noted_at=clock.now(),
        noted_by=actor.user_id,
        merged_id=former.id,
        merged_number=former.number,
        counts=rows,
    )
    turn.former = json.dumps(said, ensure_ascii=False)
    session.add(turn)


def _forget(session: Session, former: Child) -> None:
    """Take the merged file away; what hung on it is another's by now, and isn't to go with it."""
    session.flush()
    session.expire(former)
    session.delete(former)
    session.flush()
