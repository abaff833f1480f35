"""Reports: each section counts a station without any data, in rows as wide as its headings."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from core.conformance.stations import found_station
from core.conformance.subject import Subject
from core.db.models import Station
from core.domain.actor import EVERYTHING
from core.hooks.reports import Period


def reports(subject: Subject) -> Iterator[str]:
    """Yield sections that fall over on a station without any data, or whose rows and headings differ in width."""
    sections = subject.alone.report_sections().get(subject.plugin.key, ())
    if not sections:
        return
    with subject.empty_database() as database:
        found_station(database, subject.alone)
        with database.reading(EVERYTHING) as session:
            period = Period(session.scalars(select(Station.id)).one(), date(2026, 7, 1), date(2026, 12, 31))
            for section in sections:
                table = section.count(session, period)
                wide = len(table.headings)
                if any(len(row) != wide for row in table.rows):
                    yield f"{section.key}: a row has not as many cells as there are headings"
