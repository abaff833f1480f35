"""A guardian's copy: all that is held of a child that this guardian may see, as one value, as JSON and as PDF.

What is not in it, because it tells of others: who visited or reported and what they wrote, other guardians' names,
phones and addresses, persons for the pick-up, the reasons of grants. An address or an emergency contact of the child
that is another guardian's is left out as well. Of a sealed file no copy is made.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import typst
from pylopdf_fonts_zh_cn import sans_path
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import (
    ActivitySession,
    Attendance,
    Child,
    ChildCategoryMark,
    ChildFile,
    Consent,
    Group,
    GroupMember,
    Guardian,
    Visit,
)
from core.db.opening import MachinePath, reading
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.domain.rights import RequestKind
from core.domain.vocabulary import ChildCategory, label
from core.security.permissions import require
from core.services.audit import record
from core.services.requests import find_request, guardian_of, note_copy

#: The shape of the JSON: {"format", "made_on", "file", "sections": {name: [{field: text}]}}.
FORMAT: Final = "weibao.guardian-copy/1"
_CHILD: Final = {
    "name": Message("Name"),
    "sex": Message("Sex"),
    "birth_date": Message("Date of birth"),
    "document": Message("Document"),
    "id_number": Message("Number of the document"),
    "ethnicity": Message("Ethnicity"),
    "school": Message("School"),
    "grade": Message("Grade"),
    "health": Message("Health"),
    "diet": Message("Diet"),
}
_ADDRESSES: Final = {"address": Message("Address"), "registered_address": Message("Registered address")}
_EMERGENCY: Final = {
    "emergency_name": Message("Emergency contact"),
    "emergency_phone": Message("Phone in an emergency"),
}
_OWN: Final = {
    "name": Message("Name"),
    "phone": Message("Phone"),
    "more_phones": Message("Further phones"),
    "address": Message("Address"),
}


@dataclass(frozen=True)
class Entry:
    """One field of a record: its name in the JSON, what people call it, and what it says."""

    key: str
    label: Message
    text: str = field(repr=False)
    shown: Message | None = None


@dataclass(frozen=True)
class Section:
    """Records of one kind."""

    key: str
    title: Message
    records: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class GuardianCopy:
    """All that a guardian may see of a child's file, on one day."""

    number: str
    made_on: date
    sections: tuple[Section, ...]

    def to_json(self) -> str:
        """Return the copy in the shape `FORMAT` names: words by their codes, days as ISO 8601."""
        sections = {one.key: [{entry.key: entry.text for entry in row} for row in one.records] for one in self.sections}
        said = {"format": FORMAT, "made_on": self.made_on.isoformat(), "file": self.number, "sections": sections}
        return json.dumps(said, ensure_ascii=False, indent=2)

    def to_pdf(self, say: Callable[[Message], str]) -> bytes:
        """Return the copy as PDF, its words said by `say`; nothing of it touches the disk."""
        told = {
            "title": say(Message("Copy of file %(number)s", {"number": self.number})),
            "day": self.made_on.isoformat(),
            "sections": [
                {
                    "title": say(one.title),
                    "records": [
                        [[say(e.label), say(e.shown) if e.shown else e.text] for e in row] for row in one.records
                    ],
                }
                for one in self.sections
            ],
        }
        data = {"copy": json.dumps(told, ensure_ascii=False)}
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
        pdf = typst.compile(_TEMPLATE, font_paths=fonts, sys_inputs=data, format="pdf")
        if not isinstance(pdf, bytes):
            raise TypeError("A copy is one document.")
        return pdf


_TEMPLATE: Final = b"""
#let copy = json(bytes(sys.inputs.copy))
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(font: "Noto Sans SC", size: 10pt, lang: "zh")
= #copy.title
#copy.day
#for section in copy.sections [
  == #section.title
  #for record in section.records {
    table(columns: (30%, 70%), stroke: 0.4pt + gray, ..record.flatten().map(cell => [#cell]))
  }
]
"""


def make_copy(session: Session, actor: Actor, clock: Clock, request_id: UUID, *, today: date) -> GuardianCopy:
    """Return the copy that a guardian asked for, note that it was made, and take the request as answered.

    Raises ConflictError for a sealed file and for a request of another kind, InvalidInputError where the guardian who
    asked is none of the child's any more.
    """
    require(actor, Capability.ANSWER_REQUESTS)
    row = find_request(session, request_id)
    if row.kind is not RequestKind.COPY:
        raise ConflictError(Message("This request is answered in another way."))
    child = session.scalars(select(Child).where(Child.id == row.child_id)).one()
    if child.sealed_file:
        raise ConflictError(Message("Of a sealed file no copy is made: the head answers in writing."))
    guardian = guardian_of(session, child.id, row.guardian_id)
    with reading(session, MachinePath.COPY):
        made = GuardianCopy(child.number, today, _sections(session, child, guardian))
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action="copy.made",
        subject_kind="child",
        subject_id=child.id,
        detail={"request": str(row.id), "guardian": str(guardian.id), "sections": [one.key for one in made.sections]},
    )
    note_copy(session, actor, clock, row.id)
    return made


def _sections(session: Session, child: Child, guardian: Guardian) -> tuple[Section, ...]:
    others = [one for one in child.guardians if one.id != guardian.id]
    relations = [(Entry("relation", Message("Relation"), one.relation.value, label(one.relation)),) for one in others]
    return (
        Section("child", Message("Child"), (_of_child(child, guardian, others),)),
        Section("you", Message("Yourself"), (_texts(guardian, _OWN),)),
        Section("other_guardians", Message("Other guardians"), tuple(relations)),
        Section("categories", Message("Categories"), tuple(_categories(child.categories))),
        Section("consents", Message("Consents"), tuple(_consents(session, child.id))),
        Section("groups", Message("Groups"), tuple(_groups(session, child.id))),
        Section("attendance", Message("Attendance"), tuple(_attendance(session, child.id))),
        Section("files", Message("Files"), tuple(_files(session, child.id))),
        Section("visits", Message("Visits"), tuple(_visits(session, child.id))),
    )


def _of_child(child: Child, guardian: Guardian, others: Iterable[Guardian]) -> tuple[Entry, ...]:
    strangers = [text for one in others for text in _contacts(one) if text not in _contacts(guardian)]
    addresses = [entry for entry in _texts(child, _ADDRESSES) if not _tells(entry.text, strangers)]
    # Somebody else's phone is theirs to give out, whoever they are.
    own = child.emergency_phone in _contacts(guardian)
    return (*_texts(child, _CHILD), *addresses, *(_texts(child, _EMERGENCY) if own else ()))


def _contacts(guardian: Guardian) -> list[str]:
    return [text for text in (guardian.phone, guardian.address, *(guardian.more_phones or "").split()) if text]


def _tells(text: str, strangers: Iterable[str]) -> bool:
    """Tell whether a text says another guardian's address or phone, however it is spaced."""
    plain = "".join(text.split())
    return any(plain in told or told in plain for told in ("".join(one.split()) for one in strangers))


def _texts(row: Any, names: dict[str, Message]) -> tuple[Entry, ...]:
    return tuple(Entry(key, said, text) for key, said in names.items() if (text := getattr(row, key)))


def _day(key: str, said: Message, day: date | None) -> tuple[Entry, ...]:
    return (Entry(key, said, day.isoformat()),) if day else ()


def _categories(marks: Iterable[ChildCategoryMark]) -> Iterable[tuple[Entry, ...]]:
    for mark in marks:
        category = Entry("category", Message("Category"), mark.category, label(ChildCategory(mark.category)))
        first, last = _day("from", Message("From"), mark.from_day), _day("until", Message("Until"), mark.until_day)
        yield (category, *first, *last)


def _consents(session: Session, child_id: UUID) -> Iterable[tuple[Entry, ...]]:
    for row in session.scalars(select(Consent).where(Consent.child_id == child_id).order_by(Consent.given_on)):
        yield (
            Entry("purpose", Message("Purpose"), row.purpose.value, label(row.purpose)),
            *_day("given_on", Message("Given on"), row.given_on),
            *_day("valid_until", Message("Valid until"), row.valid_until),
            *_day("withdrawn_on", Message("Withdrawn on"), row.withdrawn_on),
        )


def _groups(session: Session, child_id: UUID) -> Iterable[tuple[Entry, ...]]:
    query = select(Group.name).join(GroupMember, GroupMember.group_id == Group.id)
    for name in session.scalars(query.where(GroupMember.child_id == child_id).order_by(Group.name)):
        yield (Entry("name", Message("Name"), name),)


def _attendance(session: Session, child_id: UUID) -> Iterable[tuple[Entry, ...]]:
    query = select(Attendance).join(ActivitySession, ActivitySession.id == Attendance.session_id)
    for row in session.scalars(query.where(Attendance.child_id == child_id).order_by(Attendance.noted_at)):
        yield (
            Entry("noted_on", Message("Noted at"), row.noted_at.date().isoformat()),
            Entry("presence", Message("Attendance"), row.presence.value, label(row.presence)),
        )


def _files(session: Session, child_id: UUID) -> Iterable[tuple[Entry, ...]]:
    for row in session.scalars(select(ChildFile).where(ChildFile.child_id == child_id).order_by(ChildFile.kept_at)):
        yield (
            Entry("name", Message("Name"), row.name),
            Entry("kind", Message("Kind"), row.kind.value, label(row.kind)),
        )


def _visits(session: Session, child_id: UUID) -> Iterable[tuple[Entry, ...]]:
    query = select(Visit.visited_on).where(Visit.child_id == child_id).order_by(Visit.visited_on)
    return (_day("day", Message("Day"), day) for day in session.scalars(query))
