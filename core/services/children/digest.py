"""What lists show of a child's file and searches look at, sealed in one piece, so that a row is opened once.

It is written whenever the file is; nothing of it stands in an index, and nothing is kept across requests.
"""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final, Self

from sqlalchemy.orm import Session

from core.db.models import Child, Guardian
from core.db.opening import MachinePath, reading
from core.domain.child_file import Grade, grade_now
from core.domain.id_numbers import Sex

#: A name of many readings is found by the first few of them.
_MOST_READINGS: Final = 8
_FEWEST_DIGITS: Final = 4


#: A digest as it is sealed: name, birth date, sex, school, grade, its school year, phones, readings of the name.
Fields = list[str | int | None]


@dataclass(frozen=True)
class Digest:
    """What a list knows of a child; nothing of it shows in a repr."""

    name: str = field(repr=False)
    born: date = field(repr=False)
    sex: Sex | None = field(default=None, repr=False)
    school: str | None = field(default=None, repr=False)
    #: As it was noted in the school year `grade_year`.
    grade: Grade | None = field(default=None, repr=False)
    grade_year: int | None = field(default=None, repr=False)
    #: Digits of all phones of the file.
    phones: tuple[str, ...] = field(default=(), repr=False)
    #: The name's readings in pinyin, full and by initials.
    readings: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, child: Child, guardians: Iterable[Guardian] | None = None) -> Self:
        """Return the digest of a file as its fields stand now; `guardians` are the file's, if they are known."""
        phones = [child.emergency_phone]
        for guardian in child.guardians if guardians is None else guardians:
            phones += [guardian.phone, *(guardian.more_phones or "").split()]
        return cls(
            name=child.name,
            born=date.fromisoformat(child.birth_date),
            sex=Sex(child.sex) if child.sex else None,
            school=child.school,
            grade=Grade(child.grade) if child.grade else None,
            grade_year=child.grade_year,
            phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
            readings=readings(child.name),
        )

    def grade_in(self, school_year: int) -> Grade | None:
        """Return the child's grade in a school year."""
        return grade_now(self.grade, self.grade_year, school_year)

    def as_fields(self) -> Fields:
        """Return the digest as it is sealed."""
        born, phones, spoken = self.born.isoformat(), " ".join(self.phones), " ".join(self.readings)
        return [self.name, born, self.sex, self.school, self.grade, self.grade_year, phones, spoken]


@dataclass(frozen=True)
class Looked:
    """A word that is looked for, as it is compared; empty: everything fits."""

    word: str = field(repr=False)

    @classmethod
    def of(cls, typed: str) -> Self:
        """Return what somebody typed, without the differences that don't matter."""
        return cls("".join(unicodedata.normalize("NFKC", typed).casefold().split()))

    @property
    def is_digits(self) -> bool:
        """Tell whether it may be part of a phone number."""
        return self.word.isdigit() and len(self.word) >= _FEWEST_DIGITS

    def fits(self, number: str, fields: Fields) -> bool:
        """Tell whether a file fits by its number, or by a part of the name, its pinyin, or a phone in the digest."""
        word = self.word
        return (
            word in number.casefold()
            or word in str(fields[0]).casefold()
            or (word.isascii() and any(reading.startswith(word) for reading in str(fields[7]).split()))
            or (self.is_digits and word in str(fields[6]))
        )


def refresh(child: Child, guardians: Iterable[Guardian] | None = None) -> None:
    """Bring the file's digest into line with its fields and its guardians' phones; `guardians`, if they are known."""
    text = json.dumps(Digest.of(child, guardians).as_fields(), ensure_ascii=False, separators=(",", ":"))
    if child.digest != text:
        child.digest = text


def digest_of(session: Session, child: Child) -> Digest:
    """Return the digest of a stored file."""
    if child.digest is not None:
        return read(json.loads(child.digest))
    with reading(session, MachinePath.FILES):
        return Digest.of(child)


def read(fields: Fields) -> Digest:
    """Return the digest of its opened fields."""
    name, born, sex, school, grade, grade_year, phones, spoken = fields
    return Digest(
        name=str(name),
        born=date.fromisoformat(str(born)),
        sex=Sex(str(sex)) if sex else None,
        school=str(school) if school else None,
        grade=Grade(str(grade)) if grade else None,
        grade_year=int(grade_year) if grade_year else None,
        phones=tuple(str(phones or "").split()),
        readings=tuple(str(spoken or "").split()),
    )


def readings(name: str) -> tuple[str, ...]:
    """Return the name in pinyin and by its initials, in each of its first readings: 单: dan, chan, shan."""
    choices = [_read(character) for character in name if not character.isspace()]
    spoken = _some(product(*choices))
    full = ["".join(syllables) for syllables in spoken]
    initials = ["".join(syllable[0] for syllable in syllables) for syllables in spoken]
    return tuple(dict.fromkeys(reading for reading in (*initials, *full) if reading))


def _some(readings_of: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [syllables for syllables, _ in zip(readings_of, range(_MOST_READINGS), strict=False)]


@lru_cache(maxsize=8192)
def _read(character: str) -> tuple[str, ...]:
    """Return the readings of one character, wherever it stands; the character itself where it has none."""
    # Its dictionaries take long to load, and few of the processes that import this module read a name.
    from pypinyin import Style, pinyin  # noqa: PLC0415

    spoken = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return tuple(dict.fromkeys(reading.casefold() for reading in spoken if reading.strip())) or (character,)
