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
from core.db.scope import seeing_all
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.child_file import Turn
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.services.children.dependents import hand_over, tables_of
from core.services.children.duplicates import name_birth_index
from core.services.children.keeping import StaleFileError, locked_child, note, touch
from core.services.merging.registrations import Hand, locked_registrations, unite
from core.services.merging.snapshots import Values, fingerprint, hanging, written

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
    sealed, in the history. Of two registrations that count for the same activity the better one stays. Raises
    StaleFileError where one was changed since, ConflictError for two files whose documents say that they are of two
    children, or of which one alone is sealed. For a day it can be taken back: core.services.merging.undoing.
    """
    if kept_id == former_id:
        raise InvalidInputError(Message("These are not two files: choose another one."))
    kept, former = _locked(session, kept_id, former_id)
    if (kept.version, former.version) != versions:
        raise StaleFileError(_STALE)
    if kept.sealed_file is not former.sealed_file:
        raise ConflictError(Message("One of the two files is sealed, the other isn't: seal both or open both first."))
    if kept.id_number_index and former.id_number_index and kept.birth_date != former.birth_date:
        raise ConflictError(
            Message("The two files have documents of different birth dates: correct the wrong one first.")
        )
    # Also what hangs on them at stations out of the actor's reach, such as a place in the county's own activity.
    with seeing_all(session), reading(session, MachinePath.FILES):
        return _merged(session, Hand(actor, clock), kept_id, former_id, today)


def _locked(session: Session, kept_id: UUID, former_id: UUID) -> tuple[Child, Child]:
    """Return both files, locked in the order of their ids, so that no two mergings wait for each other."""
    found = {key: locked_child(session, key) for key in sorted((kept_id, former_id))}
    return found[kept_id], found[former_id]


def _merged(session: Session, hand: Hand, kept_id: UUID, former_id: UUID, today: date) -> Merged:
    kept, former = session.get_one(Child, kept_id), session.get_one(Child, former_id)
    before = {"kept": written(session, kept), "former": written(session, former)}
    tables = tables_of(session)
    registrations = locked_registrations(session, [kept_id, former_id])
    states = [written(session, row) for row in registrations]
    filled = _take_over(session, kept, former)
    ended = unite(session, hand, registrations, former_id, kept_id)
    handed = hand_over(session, tables, former, kept)
    gone = [
        (str(row.__tablename__), written(session, row))
        for one in handed.doubles
        for row in (one, *hanging(session, one))
    ]
    rows = {**handed.counts, **_registered(states, former_id, ended)}
    turn = _remember(session, hand, kept, former, rows, today)
    index = former.id_number_index
    for one in handed.doubles:
        session.delete(one)
    _forget(session, former)
    if "id_number" in filled:
        kept.id_number_index = index
    session.expire(kept, ["guardians", "categories", "memberships", "pick_ups"])
    touch(session, kept, hand.clock)
    session.flush()
    moved = [[table, key.hex, station.hex if station else None] for (table, key), station in handed.stations.items()]
    turn.undo = json.dumps(
        {
            **before,
            "moved": moved,
            "doubles": gone,
            "registrations": states,
            "fingerprint": fingerprint(session, tables, kept_id, but=turn.id),
        },
        ensure_ascii=False,
    )
    detail = {"former": str(former_id), "rows": dict(sorted(rows.items())), "filled": list(filled)}
    note(session, hand.actor, hand.clock, kept, "child.merged", detail)
    return Merged(kept.id, rows, filled)


def _registered(states: list[Values], former_id: UUID, ended: int) -> dict[str, int]:
    """Return how many registrations went over, and how many of both files ended; nothing where there are none."""
    counts = {
        "registrations": sum(row["child_id"] == former_id.hex for row in states),
        "registrations_ended": ended,
    }
    return {name: count for name, count in counts.items() if count}


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
    session: Session, hand: Hand, kept: Child, former: Child, rows: Mapping[str, int], today: date
) -> ChildTurn:
    said = {name: getattr(former, name) for name in _FORMER if getattr(former, name)}
    turn = ChildTurn(
        station_id=kept.station_id,
        child_id=kept.id,
        turn=Turn.MERGED,
        day=today,
        noted_at=hand.clock.now(),
        noted_by=hand.actor.user_id,
        merged_id=former.id,
        merged_number=former.number,
        counts=dict(rows),
    )
    turn.former = json.dumps(said, ensure_ascii=False)
    session.add(turn)
    return turn


def _forget(session: Session, former: Child) -> None:
    """Take the merged file away; what hung on it is another's by now, and isn't to go with it."""
    session.flush()
    session.expire(former)
    session.delete(former)
    session.flush()
