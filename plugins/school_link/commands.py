"""What the program adds to the command line: taking over a school's calendar from a file."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from core.plugin_api import Clock, InvalidInputError, Message, NotFoundError, PluginCommand
from plugins.school_link import queries
from plugins.school_link.models import DayKind, School, SchoolDay

_COLUMNS: Final = ["first", "last", "kind", "note"]
#: Kinds as somebody may write them.
_KINDS: Final = {
    **{kind.value: kind for kind in DayKind},
    "考试": DayKind.EXAM,
    "停课": DayKind.CLOSED,
    "放假": DayKind.CLOSED,
    "开放": DayKind.OPEN,
    "上课": DayKind.LESSONS,
    "补课": DayKind.LESSONS,
}
_LONGEST_NOTE: Final = 80


def calendar(session: Session, _clock: Clock, arguments: Mapping[str, str]) -> list[Message]:
    """Take over a school's days from a CSV file; what stands there already is brought into line, nothing is removed."""
    school = _school(session, arguments["school"])
    added = 0
    found = list(_rows(Path(arguments["file"]), school))
    for row in found:
        old = session.scalars(queries.day_entered(row)).one_or_none()
        if old is None:
            session.add(row)
            added += 1
        else:
            old.last, old.note = row.last, row.note
        session.flush()
    values = {"school": school.name, "added": added, "there": len(found) - added}
    return [Message("%(school)s: %(added)s entries are new, %(there)s were there already.", values)]


def _school(session: Session, name: str) -> School:
    found = [school for school in session.scalars(queries.schools()) if school.name == name.strip()]
    if len(found) != 1:
        raise NotFoundError(
            Message("There is no partner school “%(name)s”: enter it in the back office first.", {"name": name})
        )
    return found[0]


def _rows(file: Path, school: School) -> Iterator[SchoolDay]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InvalidInputError(
            Message("The file %(file)s can't be read: save it as CSV in UTF-8.", {"file": file.name})
        ) from None
    lines = csv.reader(text.splitlines())
    if [cell.strip() for cell in next(lines, [])] != _COLUMNS:
        raise InvalidInputError(
            Message("The first line must name the columns: %(columns)s.", {"columns": ",".join(_COLUMNS)})
        )
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield _day(lines.line_num, [cell.strip() for cell in cells], school)


def _day(line: int, cells: list[str], school: School) -> SchoolDay:
    values = {"line": line, "kinds": ", ".join(_KINDS), "most": _LONGEST_NOTE}
    if len(cells) not in {len(_COLUMNS) - 1, len(_COLUMNS)}:
        raise InvalidInputError(
            Message("Line %(line)s: write first day, last day, kind and, if you like, a note.", values)
        )
    try:
        first, last = (date.fromisoformat(cell) for cell in cells[:2])
    except ValueError:
        raise InvalidInputError(Message("Line %(line)s: write days such as 2027-01-15.", values)) from None
    if last < first:
        raise InvalidInputError(Message("Line %(line)s: the last day lies before the first.", values))
    kind = _KINDS.get(cells[2].lower())
    if kind is None:
        raise InvalidInputError(Message("Line %(line)s: the kind must be one of %(kinds)s.", values))
    note = cells[3] if len(cells) == len(_COLUMNS) else ""
    if len(note) > _LONGEST_NOTE:
        raise InvalidInputError(Message("Line %(line)s: shorten the note to %(most)s characters.", values))
    return SchoolDay(station_id=school.station_id, school_id=school.id, first=first, last=last, kind=kind, note=note)


CALENDAR: Final = PluginCommand(
    "calendar",
    Message("Take over a school's exam days and other days from a CSV file: first,last,kind,note."),
    calendar,
    {"school": Message("The school's name."), "file": Message("The CSV file.")},
)
