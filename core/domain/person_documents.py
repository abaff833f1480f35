"""By which document somebody who serves is known, and what its number looks like."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.errors import InvalidInputError, Message
from core.domain.id_numbers import read_id_number, read_other_number

#: With these begin the numbers of residence permits for people from Hong Kong, Macao and Taiwan.
_PERMITS: Final = ("81", "82", "83")


class PersonDocument(StrEnum):
    """A document that the national system of volunteer service knows."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    HONG_KONG_MACAO_PERMIT = "hong_kong_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _LABELS[self]

    @property
    def is_checked(self) -> bool:
        """Tell whether its number has the form of GB 11643 and says the date of birth."""
        return self in {PersonDocument.RESIDENT_ID, PersonDocument.RESIDENCE_PERMIT}


def document_of(stored: PersonDocument | None, number: str | None) -> PersonDocument | None:
    """Return of which document a file's number is, None without a number.

    Where none is stored, the file is older than the question: its number has the form of GB 11643, and tells.
    """
    if not number:
        return None
    if stored is not None:
        return stored
    return PersonDocument.RESIDENCE_PERMIT if number.startswith(_PERMITS) else PersonDocument.RESIDENT_ID


def read_number(document: PersonDocument, text: str, *, born: date | None, today: date, demo: bool = False) -> str:
    """Return the number of a document in its standard form.

    InvalidInputError, which never repeats it, for what can't be one, is of another kind, or tells another birth.
    """
    if not document.is_checked:
        return read_other_number(text)
    number = read_id_number(text, today=today, demo=demo)
    if number.born != born:
        raise InvalidInputError(Message("The ID number tells another date of birth: compare the two."))
    if document is not document_of(None, number.text):
        raise InvalidInputError(
            Message("Numbers of residence permits begin with 81, 82 or 83, and those of ID cards don't: compare both.")
        )
    return number.text


_LABELS: Final[Mapping[PersonDocument, Message]] = MappingProxyType(
    {
        PersonDocument.RESIDENT_ID: Message("Resident ID card"),
        PersonDocument.RESIDENCE_PERMIT: Message("Residence permit for Hong Kong, Macao and Taiwan"),
        PersonDocument.HONG_KONG_MACAO_PERMIT: Message("Mainland travel permit for residents of Hong Kong and Macao"),
        PersonDocument.TAIWAN_PERMIT: Message("Mainland travel permit for residents of Taiwan"),
        PersonDocument.PASSPORT: Message("Passport"),
    }
)
