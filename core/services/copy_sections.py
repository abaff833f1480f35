"""What a guardian's copy says of a file, section by section, and what it leaves out because it tells of others.

Every table of core whose rows hang on a child stands either in `TOLD` or in `LEFT_OUT`. Of what programs keep of a
child their tables tell the days, numbers and words, as the program calls them (`core.domain.telling`); their texts may
speak of others and stay out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.db.base import OfAChild, of_a_program, told_columns
from core.db.models import (
    Activity,
    ActivitySession,
    Attendance,
    Child,
    ChildCategoryMark,
    ChildFeedItem,
    ChildFile,
    ChildTurn,
    Consent,
    Group,
    GroupMember,
    Guardian,
    Installation,
    Registration,
    RightsRequest,
    Visit,
    WishList,
)
from core.domain.errors import Message
from core.domain.telling import Told
from core.domain.vocabulary import ChildCategory, label
from core.services.children.dependents import dependents, tables_of
from core.services.copy_parts import Entry, Record, Records, Section
from core.services.feed_ledger import is_private

#: Tables that a section tells of, as far as they are about the child or the guardian who asks.
TOLD: Final = frozenset(
    {
        "attendances",
        "child_categories",
        "child_feed_items",
        "child_files",
        "child_turns",
        "consents",
        "group_members",
        "guardians",
        "registrations",
        "rights_requests",
        "visits",
        "wish_lists",
    }
)
#: Tables that are left out, and why.
LEFT_OUT: Final[Mapping[str, Message]] = {
    "access_grant_children": Message("Who read sensitive fields, and why: it tells of the staff's work"),
    "guardian_leaves": Message("What each guardian may see, and the reasons: it tells of others"),
    "guardian_links": Message("Secret addresses: only their digests are kept"),
    "handovers": Message("Who picked the child up, and when: it tells of others; ask at the station"),
    "pick_up_persons": Message("Who may pick the child up, and who may not: it tells of others; ask at the station"),
    "sealed_child_workers": Message("Who works with a sealed file"),
}
_OF_OTHERS: Final = (
    Message("Names, phones and addresses of other guardians, and what they consent to"),
    Message("Who visited or reported, and what they wrote"),
)
_NOT_YOURS: Final = Message("All that this guardian may not see, as the head has decided")

#: Stands for what was cut out of a text.
_CUT: Final = "…"

_CHILD: Final = {
    "name": Message("Full name"),
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
    "emergency_relation": Message("Relation"),
    "emergency_phone": Message("Phone in an emergency"),
}
_OWN: Final = {
    "name": Message("Full name"),
    "phone": Message("Phone"),
    "more_phones": Message("Further phones"),
    "address": Message("Address"),
}
#: What people call what can be corrected, by the names that stand in the audit log.
CORRECTED: Final[Mapping[str, Message]] = {
    **_CHILD,
    **_ADDRESSES,
    **_EMERGENCY,
    "guardian": Message("Guardian"),
    "category": Message("Category"),
    "pick_up": Message("Persons for the pick-up"),
}


def full_sections(session: Session, child: Child, guardian: Guardian) -> tuple[Section, ...]:
    """Return what a guardian with full access may see."""
    others = [one for one in child.guardians if one.id != guardian.id]
    relations = tuple((_word("relation", Message("Relation"), one.relation),) for one in others)
    # What another guardian consents to is not this one's to know.
    nobody_elses = or_(Consent.guardian_id == guardian.id, Consent.guardian_id.is_(None))
    return (
        Section("child", Message("Child"), (_of_child(child, guardian, others),)),
        *_of_guardian(session, guardian),
        Section("other_guardians", Message("Other guardians"), relations),
        *(Section(key, title, tell(session, child)) for key, title, tell in _SECTIONS),
        Section("consents", Message("Consents"), _consents(session, child, nobody_elses)),
        *_of_programs(session, child),
    )


def restricted_sections(session: Session, child: Child, guardian: Guardian) -> tuple[Section, ...]:
    """Return what a guardian with restricted access may see: no place, no time, no title."""
    return (
        Section("child", Message("Child"), (_texts(child, {"name": _CHILD["name"]}),)),
        *_of_guardian(session, guardian),
        Section("consents", Message("Consents"), _consents(session, child, Consent.guardian_id == guardian.id)),
    )


def left_out(*, full: bool) -> tuple[Message, ...]:
    """Return what a copy doesn't say, in words for the guardian."""
    return (*_OF_OTHERS, *LEFT_OUT.values()) if full else (_NOT_YOURS, *_OF_OTHERS)


def _of_guardian(session: Session, guardian: Guardian) -> tuple[Section, Section]:
    relation = _word("relation", Message("Relation"), guardian.relation)
    rows = session.scalars(
        select(RightsRequest).where(RightsRequest.guardian_id == guardian.id).order_by(RightsRequest.entered_at)
    )
    return (
        Section("you", Message("Yourself"), ((*_texts(guardian, _OWN), relation),)),
        Section("requests", Message("Your requests"), tuple(_request(row) for row in rows)),
    )


def _request(row: RightsRequest) -> Record:
    answer = (_word("outcome", Message("Answer"), row.outcome),) if row.outcome else ()
    kind = _word("kind", Message("What is asked for"), row.kind)
    return (*_day("received_on", Message("Received on"), row.received_on), kind, *answer)


def _of_child(child: Child, guardian: Guardian, others: Iterable[Guardian]) -> Record:
    strangers = [text for one in others for text in _contacts(one) if text not in _contacts(guardian)]
    told = [replace(entry, text=_without(entry.text, strangers)) for entry in _texts(child, _CHILD)]
    addresses = [entry for entry in _texts(child, _ADDRESSES) if not _is_home_of(entry.text, strangers)]
    # Somebody else's phone is theirs to give out, whoever they are.
    own = child.emergency_phone in _contacts(guardian)
    left = _day("left_on", Message("Left on"), child.left_on)
    return (*told, *addresses, *(_texts(child, _EMERGENCY) if own else ()), *left)


def _contacts(guardian: Guardian) -> list[str]:
    return [text for text in (guardian.phone, guardian.address, *(guardian.more_phones or "").split()) if text]


def _without(text: str, strangers: Iterable[str]) -> str:
    """Return a text with nothing in it by which another guardian is reached; all of it goes where it can't be cut."""
    known = [_bare(one) for one in strangers]
    for one in strangers:
        text = text.replace(one, _CUT)
    return _CUT if any(one in _bare(text) for one in known) else text


def _is_home_of(address: str, strangers: Iterable[str]) -> bool:
    """Tell whether an address is, or is part of, where another guardian lives, or says how to reach them."""
    home = _bare(address)
    return any(home in told or told in home for told in map(_bare, strangers))


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _categories(_session: Session, child: Child) -> Records:
    return tuple(
        (
            Entry("category", Message("Category"), mark.category, label(ChildCategory(mark.category))),
            *_day("from", Message("From"), mark.from_day),
            *_day("until", Message("Until"), mark.until_day),
        )
        for mark in sorted(child.categories, key=_since)
    )


def _since(mark: ChildCategoryMark) -> date:
    return mark.from_day or date.min


def _consents(session: Session, child: Child, which: ColumnElement[bool]) -> Records:
    query = select(Consent).where(Consent.child_id == child.id, which).order_by(Consent.given_on, Consent.id)
    return tuple(
        (
            _word("purpose", Message("Purpose"), row.purpose),
            _word("basis", Message("Basis"), row.basis),
            *_text("law", Message("Law"), row.law),
            *_day("given_on", Message("Given on"), row.given_on),
            *_day("valid_until", Message("Valid until"), row.valid_until),
            *_day("withdrawn_on", Message("Withdrawn on"), row.withdrawn_on),
        )
        for row in session.scalars(query)
    )


def _groups(session: Session, child: Child) -> Records:
    query = select(Group.name).join(GroupMember, GroupMember.group_id == Group.id)
    open_ones = query.where(GroupMember.child_id == child.id, ~Group.closed).order_by(Group.name)
    return tuple(_text("name", Message("Name"), name) for name in session.scalars(open_ones))


def _attendance(session: Session, child: Child) -> Records:
    query = (
        select(Attendance, ActivitySession)
        .join(ActivitySession, ActivitySession.id == Attendance.session_id)
        .where(Attendance.child_id == child.id)
        .order_by(ActivitySession.starts_at, Attendance.id)
    )
    # As in the station's own calendars: of what is nobody else's business the title stays out.
    return tuple(
        (
            *_day("day", Message("Day"), held.starts_at.date() if held.starts_at else None),
            *_text("activity", Message("Activity"), None if is_private(held) else held.activity.title),
            _word("presence", Message("Attendance"), row.presence),
        )
        for row, held in session.execute(query)
    )


def _registrations(session: Session, child: Child) -> Records:
    query = (
        select(Registration, Activity)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(Registration.child_id == child.id)
        .order_by(Registration.id)
    )
    return tuple(
        (
            *_text("activity", Message("Activity"), None if _is_closed(activity) else activity.title),
            _word("state", Message("State"), row.state),
        )
        for row, activity in session.execute(query)
    )


def _is_closed(activity: Activity) -> bool:
    return activity.closed or any(group.closed for group in activity.groups)


def _wishes(session: Session, child: Child) -> Records:
    activities = {str(row.id): row for row in session.scalars(select(Activity))}
    query = select(WishList).where(WishList.child_id == child.id).order_by(WishList.id)
    return tuple(
        (
            Entry("number", Message("Number of the list"), row.number),
            *_day("changed_on", Message("Changed on"), row.changed_at.date()),
            Entry("activities", Message("Activities"), ", ".join(_open_titles(activities, row.ranked))),
        )
        for row in session.scalars(query)
    )


def _open_titles(activities: Mapping[str, Activity], wished: Iterable[str]) -> list[str]:
    """Return the titles of what was wished for; what is nobody else's business has none, as above."""
    offered = (activities[one] for one in wished if one in activities)
    return [one.title for one in offered if not _is_closed(one)]


def _calendar(session: Session, child: Child) -> Records:
    query = select(ChildFeedItem).where(ChildFeedItem.child_id == child.id)
    return tuple(
        (*_day("day", Message("Day"), row.starts_at.date()), *_text("title", Message("Title"), row.title))
        for row in session.scalars(query.order_by(ChildFeedItem.starts_at, ChildFeedItem.id))
    )


def _files(session: Session, child: Child) -> Records:
    # A scan's name is the staff's word for it, which may tell of others.
    query = select(ChildFile).where(ChildFile.child_id == child.id).order_by(ChildFile.kept_at)
    return tuple(
        (_word("kind", Message("Kind"), row.kind), *_day("kept_on", Message("Kept since"), row.kept_at.date()))
        for row in session.scalars(query)
    )


def _visits(session: Session, child: Child) -> Records:
    query = select(Visit).where(Visit.child_id == child.id).order_by(Visit.visited_on, Visit.id)
    return tuple(
        (*_day("day", Message("Day"), row.visited_on), _word("kind", Message("Kind"), row.kind))
        for row in session.scalars(query)
    )


def _turns(session: Session, child: Child) -> Records:
    query = select(ChildTurn).where(ChildTurn.child_id == child.id).order_by(ChildTurn.day, ChildTurn.id)
    return tuple(
        (*_day("day", Message("Day"), row.day), _word("turn", Message("What happened"), row.turn))
        for row in session.scalars(query)
    )


_SECTIONS: Final[tuple[tuple[str, Message, Callable[[Session, Child], Records]], ...]] = (
    ("categories", Message("Categories"), _categories),
    ("groups", Message("Groups"), _groups),
    ("attendance", Message("Attendance"), _attendance),
    ("registrations", Message("Registrations"), _registrations),
    ("wishes", Message("Wishes"), _wishes),
    ("calendar", Message("Calendar"), _calendar),
    ("files", Message("Files"), _files),
    ("visits", Message("Visits"), _visits),
    ("turns", Message("Earlier turns"), _turns),
)


def _of_programs(session: Session, child: Child) -> tuple[Section, ...]:
    present, zone = tables_of(session), ZoneInfo(session.scalar(select(Installation.timezone)) or "UTC")
    found = list[Section]()
    for one in dependents():
        if one.table.name in present and issubclass(one.model, OfAChild) and of_a_program(one.model):
            rows = session.scalars(select(one.model).where(getattr(one.model, one.attribute) == child.id))
            told = one.model.told or Told(Message(one.table.name), {})
            records = tuple(record for row in rows if (record := _plain(row, told, zone)))
            found.append(Section(one.table.name, told.title, records))
    return tuple(found)


def _plain(row: OfAChild, told: Told, zone: ZoneInfo) -> Record:
    """Return what of a program's row is a day, a number or a word, by the names that the program gives them."""
    values = ((key, getattr(row, key)) for key in told_columns(type(row)))
    return tuple(
        Entry(key, told.labels.get(key, Message(key)), _said(value, zone), _shown(value))
        for key, value in values
        if value is not None
    )


def _shown(value: date | int | Enum) -> Message | None:
    """Return what people call a value, None where they read it as it stands."""
    if isinstance(value, StrEnum):
        return label(value)
    return (Message("yes") if value else Message("no")) if isinstance(value, bool) else None


def _said(value: date | int | Enum, zone: ZoneInfo) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        local = value.astimezone(zone) if value.tzinfo else value
        return local.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)


def _texts(row: Any, names: Mapping[str, Message]) -> Record:
    return tuple(Entry(key, said, text) for key, said in names.items() if (text := getattr(row, key)))


def _text(key: str, said: Message, text: str | None) -> Record:
    return (Entry(key, said, text),) if text else ()


def _day(key: str, said: Message, day: date | None) -> Record:
    return (Entry(key, said, day.isoformat()),) if day else ()


def _word(key: str, said: Message, value: StrEnum) -> Entry:
    return Entry(key, said, value.value, label(value))
