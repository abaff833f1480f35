"""What somebody enters of a child, as frozen values, and the checks that need no database."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from core.domain.ages import age_on
from core.domain.child_file import Grade, IdDocument
from core.domain.errors import InvalidInputError, Message
from core.domain.id_numbers import Sex, read_id_number, read_other_number
from core.domain.phones import read_phone
from core.domain.vocabulary import Relation

ADULT_AGE: Final = 18


class FieldError(InvalidInputError):
    """What was entered in one field can't be right; `field` is the attribute."""

    def __init__(self, field_name: str, message: Message) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True, kw_only=True)
class ChildEntry:
    """The fields of a file; None is an empty one. Nothing of it shows in a repr.

    `kept` are fields that whoever entered this could not see: where they are empty here, what is stored stays.
    """

    number: str
    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    #: None with a number is the resident ID card.
    document: IdDocument | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    ethnicity: str | None = field(default=None, repr=False)
    school: str | None = field(default=None, repr=False)
    grade: Grade | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    registered_address: str | None = field(default=None, repr=False)
    health: str | None = field(default=None, repr=False)
    diet: str | None = field(default=None, repr=False)
    emergency_name: str | None = field(default=None, repr=False)
    emergency_relation: str | None = field(default=None, repr=False)
    emergency_phone: str | None = field(default=None, repr=False)
    kept: frozenset[str] = frozenset()


#: The entry's fields that are stored as they are.
STORED: Final = tuple(one.name for one in fields(ChildEntry) if one.name not in {"birth_date", "kept"})


@dataclass(frozen=True, kw_only=True)
class GuardianEntry:
    """Somebody who answers for a child; `phones` has at least one. Empty fields in `kept` stay as they are."""

    name: str = field(repr=False)
    relation: Relation = field(repr=False)
    phones: tuple[str, ...] = field(repr=False)
    address: str | None = field(default=None, repr=False)
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class PickUpEntry:
    """Somebody who may pick a child up, or may not."""

    allowed: bool
    name: str = field(repr=False)
    relation: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


def checked_entry(entry: ChildEntry, *, today: date, demo: bool, stored: str | None = None) -> ChildEntry:
    """Return the entry in its standard form, with birth date and sex as a checked number says them.

    `stored` is the number that the file has already, which is not asked for its form once more.

    Raises FieldError for the first field that can't be right; it never repeats what was entered.
    """
    texts: dict[str, Any] = {name: _tidy(getattr(entry, name)) for name in _TEXTS}
    made = replace(entry, **texts)
    if not made.name:
        raise FieldError("name", Message("Enter the name."))
    made = _with_document(made, today=today, demo=demo, stored=stored)
    if made.birth_date is None:
        raise FieldError("birth_date", Message("Enter the date of birth."))
    if made.birth_date > today:
        raise FieldError("birth_date", Message("A date of birth lies in the past: compare the year."))
    if made.sex is None:
        raise FieldError("sex", Message("Choose the sex."))
    if made.emergency_phone:
        made = replace(made, emergency_phone=_phone("emergency_phone", made.emergency_phone, demo=demo))
    return made


def refuse_grown_up(entry: ChildEntry, today: date) -> None:
    """Raise FieldError for somebody of whom no new file is made."""
    if entry.birth_date is not None and age_on(entry.birth_date, today) >= ADULT_AGE:
        raise FieldError("birth_date", Message("Files are kept of children under 18: compare the date of birth."))


def checked_guardian(entry: GuardianEntry, *, demo: bool) -> GuardianEntry:
    """Return the guardian with the phones as digits; raise FieldError for what can't be right."""
    phones = tuple(dict.fromkeys(_phone("phones", phone, demo=demo) for phone in entry.phones))
    if not phones and "phones" not in entry.kept:
        raise FieldError("phones", Message("Enter at least one phone number."))
    if not entry.name.strip() and "name" not in entry.kept:
        raise FieldError("name", Message("Enter the name."))
    return replace(entry, name=_tidy(entry.name) or "", phones=phones, address=_tidy(entry.address))


def checked_pick_up(entry: PickUpEntry, *, demo: bool) -> PickUpEntry:
    """Return the person with the phone as digits; raise FieldError for what can't be right."""
    phone = _phone("phone", entry.phone, demo=demo) if entry.phone else None
    name = _tidy(entry.name)
    if name is None:
        raise FieldError("name", Message("Enter the name."))
    return replace(entry, name=name, phone=phone, relation=_tidy(entry.relation), note=_tidy(entry.note))


_TEXTS: Final = (
    "name",
    "id_number",
    "ethnicity",
    "school",
    "address",
    "registered_address",
    "health",
    "diet",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
)


def _with_document(entry: ChildEntry, *, today: date, demo: bool, stored: str | None) -> ChildEntry:
    if entry.document is IdDocument.NONE:
        if entry.id_number:
            raise FieldError("document", Message("A number is entered: choose of which document it is."))
        return entry
    document = entry.document or IdDocument.RESIDENT_ID
    if not entry.id_number:
        raise FieldError("id_number", Message("Enter the number, or choose that there is no document yet."))
    made = replace(entry, document=document)
    if not document.is_checked:
        return replace(made, id_number=_other_number(entry.id_number))
    try:
        return _as_the_number_says(made, entry.id_number, today=today, demo=demo)
    except FieldError as error:
        if error.field == "id_number" and entry.id_number == stored:
            return made
        raise


def _other_number(text: str) -> str:
    try:
        return read_other_number(text)
    except InvalidInputError as error:
        raise FieldError("id_number", error.message) from None


def _as_the_number_says(entry: ChildEntry, text: str, *, today: date, demo: bool) -> ChildEntry:
    try:
        told = read_id_number(text, today=today, demo=demo)
    except InvalidInputError as error:
        raise FieldError("id_number", error.message) from None
    if entry.birth_date not in {None, told.born}:
        raise FieldError(
            "birth_date", Message("The date of birth differs from the one in the ID number: compare both.")
        )
    if entry.sex not in {None, told.sex}:
        raise FieldError("sex", Message("The sex differs from the one in the ID number: compare both."))
    return replace(entry, id_number=told.text, birth_date=told.born, sex=told.sex)


def _phone(name: str, text: str, *, demo: bool) -> str:
    try:
        return read_phone(text, demo=demo)
    except InvalidInputError as error:
        raise FieldError(name, error.message) from None


def _tidy(text: str | None) -> str | None:
    """Return the text without white space around it, None where nothing is left."""
    return " ".join((text or "").split()) or None
