"""A station's report for a period: what every program counts of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.domain.errors import InvalidInputError, Message
from core.hooks.calling import Hooks
from core.hooks.reports import Period, ReportTable


@dataclass(frozen=True)
class Section:
    """A part of a report: its heading, and its table, None where the program could not count it."""

    key: str
    name: Message
    table: ReportTable | None


def report(session: Session, hooks: Hooks, station_id: UUID, first: date, last: date) -> Sequence[Section]:
    """Return the parts of a report in the order of the programs; one that fails is empty, and fenced off."""
    if last < first:
        raise InvalidInputError(Message("The first day must not lie after the last one."))
    period = Period(station_id, first, last)
    return [
        Section(section.key, section.name, hooks.counted(key, section, session, period))
        for key, sections in hooks.report_sections().items()
        for section in sections
    ]
