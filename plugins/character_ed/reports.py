"""The program's parts of a station's report: sessions and children by line, and the awards that were reached."""

from typing import Final

from sqlalchemy.orm import Session

from core.plugin_api import (
    FEWEST_CHILDREN,
    ActivityLine,
    Message,
    Period,
    Presence,
    ReportSection,
    ReportTable,
    attended,
    held_sessions,
    label,
)
from plugins.character_ed.activities import PROGRAM
from plugins.character_ed.services import reached


def by_line(session: Session, period: Period) -> ReportTable:
    """Count the sessions on each line in the period, the children who were there, and their stamps."""
    held = held_sessions(session, PROGRAM.key, period.first, period.last)
    there = [
        row for row in attended(session, PROGRAM.key, period.first, period.last) if row.presence is Presence.PRESENT
    ]
    rows = []
    for line in ActivityLine:
        sessions = sum(one.activity.line is line for one in held)
        stamps = [row.child_id for row in there if row.session.activity.line is line]
        children = len(set(stamps))
        rows.append((label(line), sessions, told(children, children), told(len(stamps), children)))
    return ReportTable((Message("Line"), Message("Sessions held"), Message("Children"), Message("Stamps")), rows)


def awards(session: Session, period: Period) -> ReportTable:
    """Count for each award the children who had reached it by the end of the period."""
    rows = [(award.name, award.stamps, told(count, count)) for award, count in reached(session, period.last)]
    headings = (Message("Award"), Message("Stamps needed"), Message("Children who have reached it"))
    return ReportTable(headings, rows)


def told(figure: int, children: int) -> int | None:
    """Return a figure about so many children, None where it would be about somebody."""
    return figure if children >= FEWEST_CHILDREN else None


SECTIONS: Final = (
    ReportSection("character_ed_lines", Message("Character education by line"), by_line),
    ReportSection("character_ed_awards", Message("Awards of character education"), awards),
)
