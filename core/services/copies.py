"""A guardian's copy: all that is held of a child that this guardian may see, as one value, as JSON and as PDF."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child
from core.db.opening import MachinePath, reading
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.domain.rights import Outcome, RequestKind
from core.domain.vocabulary import GuardianAccess
from core.security.permissions import require
from core.services.audit import record
from core.services.copy_parts import Section
from core.services.copy_sections import full_sections, left_out, restricted_sections
from core.services.guardian_links import access_of
from core.services.printing import as_pdf
from core.services.requests import find_request, guardian_of, note_copy

#: The shape of the JSON: {"format", "made_on", "file", "sections": {name: [{field: text}]}, "left_out": [text]}.
FORMAT: Final = "weibao.guardian-copy/1"
_TEMPLATE: Final = """
#for section in said.sections [
  == #section.title
  #if section.records.len() == 0 [ #section.empty ]
  #for record in section.records {
    table(columns: (30%, 70%), ..record.flatten().map(cell => [#cell]))
  }
]
== #said.left_out_title
#for reason in said.left_out [- #reason]
"""


@dataclass(frozen=True)
class GuardianCopy:
    """All that a guardian may see of a child's file, on one day, and what else there is that they may not."""

    number: str
    made_on: date
    sections: tuple[Section, ...]
    left_out: tuple[Message, ...]

    def to_json(self, say: Callable[[Message], str]) -> str:
        """Return the copy in the shape that `FORMAT` names: words by their codes, days as ISO 8601."""
        said = {
            "format": FORMAT,
            "made_on": self.made_on.isoformat(),
            "file": self.number,
            "sections": {
                one.key: [{entry.key: entry.text for entry in row} for row in one.records] for one in self.sections
            },
            "left_out": [say(reason) for reason in self.left_out],
        }
        return json.dumps(said, ensure_ascii=False, indent=2)

    def to_pdf(self, say: Callable[[Message], str]) -> bytes:
        """Return the copy to be printed, its words said by `say`."""
        sections = [
            {
                "title": say(one.title),
                "empty": say(Message("Nothing.")),
                "records": [
                    [[say(entry.label), say(entry.shown) if entry.shown else entry.text] for entry in row]
                    for row in one.records
                ],
            }
            for one in self.sections
        ]
        said = {
            "title": say(Message("Copy of file %(number)s", {"number": self.number})),
            "lead": say(Message("As of %(day)s", {"day": self.made_on.isoformat()})),
            "sections": sections,
            "left_out_title": say(Message("What is not in this copy")),
            "left_out": [say(reason) for reason in self.left_out],
        }
        return as_pdf(_TEMPLATE, said)


def make_copy(session: Session, actor: Actor, clock: Clock, request_id: UUID, *, today: date) -> GuardianCopy:
    """Return the copy that a guardian asked for, note that it was made, and take the request as answered.

    Raises ConflictError for a request of another kind or one that was refused, and for a guardian who may see nothing
    of the file; InvalidInputError where the guardian who asked is none of the child's any more.
    """
    require(actor, Capability.GIVE_COPIES)
    row = find_request(session, request_id)
    if row.kind is not RequestKind.COPY:
        raise ConflictError(Message("This request is answered in another way."))
    if row.outcome is Outcome.REFUSED:
        raise ConflictError(Message("This request was refused: note a new one."))
    child = session.scalars(select(Child).where(Child.id == row.child_id)).one()
    guardian = guardian_of(session, child.id, row.guardian_id)
    access = access_of(session, guardian)
    if access is GuardianAccess.NONE:
        raise ConflictError(
            Message(
                "This guardian may see nothing of the file: the head decides what they may see, or refuse and say why."
            )
        )
    full = access is GuardianAccess.FULL
    with reading(session, MachinePath.COPY):
        sections = (full_sections if full else restricted_sections)(session, child, guardian)
    made = GuardianCopy(child.number, today, sections, left_out(full=full))
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action="copy.made",
        subject_kind="child",
        subject_id=child.id,
        detail={
            "request": str(row.id),
            "guardian": str(guardian.id),
            "access": access.value,
            "sections": [one.key for one in made.sections],
        },
    )
    note_copy(session, actor, clock, row.id)
    return made
