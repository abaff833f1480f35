"""The words of a child's file: documents, grades, visits, why a child leaves, and how often a category is reviewed."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.domain.vocabulary import ChildCategory


class IdDocument(StrEnum):
    """By which document a child is known."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    HOUSEHOLD_REGISTER = "household_register"
    PASSPORT = "passport"
    NONE = "none"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _DOCUMENTS[self]

    @property
    def is_checked(self) -> bool:
        """Tell whether its number has the form of GB 11643 and says birth date and sex."""
        return self in {IdDocument.RESIDENT_ID, IdDocument.RESIDENCE_PERMIT}


class Grade(StrEnum):
    """In which grade a child is; those of school have numbers, and a child moves up each September."""

    KINDERGARTEN = "kindergarten"
    PRIMARY_1 = "1"
    PRIMARY_2 = "2"
    PRIMARY_3 = "3"
    PRIMARY_4 = "4"
    PRIMARY_5 = "5"
    PRIMARY_6 = "6"
    MIDDLE_1 = "7"
    MIDDLE_2 = "8"
    MIDDLE_3 = "9"
    HIGH_1 = "10"
    HIGH_2 = "11"
    HIGH_3 = "12"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    NONE = "none"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _GRADES[self]


class LeftReason(StrEnum):
    """Why a child's file is no longer kept current."""

    MOVED_AWAY = "moved_away"
    TURNED_18 = "turned_18"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _REASONS[self]


class VisitKind(StrEnum):
    """How somebody looked after a file: by going to the child, or by checking the data."""

    VISIT = "visit"
    CALL = "call"
    DATA_CHECK = "data_check"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _VISITS[self]


class EvidenceKind(StrEnum):
    """What shows that a child is of a category."""

    CERTIFICATE = "certificate"
    APPROVAL = "approval"
    MEDICAL = "medical"
    STATEMENT = "statement"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _EVIDENCE[self]


class Turn(StrEnum):
    """What changed where a file is kept, or whether it is."""

    MOVED = "moved"
    LEFT = "left"
    RETURNED = "returned"
    MERGED = "merged"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _TURNS[self]


#: Months between two visits of a child of the category, until a station says otherwise.
REVIEW_MONTHS: Final[Mapping[ChildCategory, int]] = MappingProxyType(
    {
        ChildCategory.UNATTENDED: 1,
        ChildCategory.ORPHAN: 3,
        ChildCategory.SCATTERED_ORPHAN: 1,
        ChildCategory.DISABLED: 3,
        ChildCategory.LOW_INCOME: 6,
        ChildCategory.LEFT_BEHIND: 3,
        ChildCategory.IN_DIFFICULTY: 3,
        ChildCategory.OUT_OF_SCHOOL: 1,
        ChildCategory.SERIOUSLY_ILL: 3,
    }
)
#: Months between two checks of the data of a child of no category.
PLAIN_REVIEW_MONTHS: Final = 12


def grade_now(grade: Grade | None, noted_in: int | None, today_year: int) -> Grade | None:
    """Return the grade that was noted in a school year, moved up by the years since; the last one is kept.

    `noted_in` and `today_year` are school years, as `core.domain.ages.school_year` counts them.
    """
    if grade is None or noted_in is None or not grade.value.isdigit():
        return grade
    reached = int(grade.value) + max(0, today_year - noted_in)
    return Grade(str(min(reached, int(Grade.HIGH_3.value))))


_DOCUMENTS: Final[Mapping[IdDocument, Message]] = MappingProxyType(
    {
        IdDocument.RESIDENT_ID: Message("Resident ID card"),
        IdDocument.RESIDENCE_PERMIT: Message("Residence permit for Hong Kong, Macao and Taiwan"),
        IdDocument.HOUSEHOLD_REGISTER: Message("Household register"),
        IdDocument.PASSPORT: Message("Passport"),
        IdDocument.NONE: Message("None yet"),
    }
)
_GRADES: Final[Mapping[Grade, Message]] = MappingProxyType(
    {
        Grade.KINDERGARTEN: Message("Kindergarten"),
        Grade.PRIMARY_1: Message("Grade 1"),
        Grade.PRIMARY_2: Message("Grade 2"),
        Grade.PRIMARY_3: Message("Grade 3"),
        Grade.PRIMARY_4: Message("Grade 4"),
        Grade.PRIMARY_5: Message("Grade 5"),
        Grade.PRIMARY_6: Message("Grade 6"),
        Grade.MIDDLE_1: Message("Grade 7"),
        Grade.MIDDLE_2: Message("Grade 8"),
        Grade.MIDDLE_3: Message("Grade 9"),
        Grade.HIGH_1: Message("Grade 10"),
        Grade.HIGH_2: Message("Grade 11"),
        Grade.HIGH_3: Message("Grade 12"),
        Grade.VOCATIONAL: Message("Vocational school"),
        Grade.SPECIAL: Message("Special school"),
        Grade.NONE: Message("Not at school"),
    }
)
_REASONS: Final[Mapping[LeftReason, Message]] = MappingProxyType(
    {
        LeftReason.MOVED_AWAY: Message("Moved away"),
        LeftReason.TURNED_18: Message("Turned 18"),
        LeftReason.OTHER: Message("Another reason"),
    }
)
_VISITS: Final[Mapping[VisitKind, Message]] = MappingProxyType(
    {
        VisitKind.VISIT: Message("Visit at home"),
        VisitKind.CALL: Message("Phone call"),
        VisitKind.DATA_CHECK: Message("Check of the data"),
    }
)
_EVIDENCE: Final[Mapping[EvidenceKind, Message]] = MappingProxyType(
    {
        EvidenceKind.CERTIFICATE: Message("Certificate"),
        EvidenceKind.APPROVAL: Message("Civil affairs' approval"),
        EvidenceKind.MEDICAL: Message("Medical record"),
        EvidenceKind.STATEMENT: Message("Statement of the community"),
        EvidenceKind.OTHER: Message("Other evidence"),
    }
)
_TURNS: Final[Mapping[Turn, Message]] = MappingProxyType(
    {
        Turn.MOVED: Message("Moved"),
        Turn.LEFT: Message("Left"),
        Turn.RETURNED: Message("Came back"),
        Turn.MERGED: Message("Merged"),
    }
)
