"""What must be settled before visits are published: whom each series visits, and that they still need it."""

from collections.abc import Mapping, Sequence

from core.plugin_api import Message, Objection, PlannedOutline
from sqlalchemy.orm import Session

from weibao_home_visits import queries
from weibao_home_visits.activities import VISIT
from weibao_home_visits.models import HomeVisitNeed


def objections(sessions: Sequence[PlannedOutline], session: Session) -> Sequence[Objection]:
    """Return an objection to each planned visit that leads to nobody, or to a child who needs none on that day."""
    visits = [planned for planned in sessions if planned.activity.type_key == VISIT.key]
    rows = session.scalars(queries.series_of({planned.activity.id for planned in visits}))
    needs = {str(row.activity_id): row.need for row in rows}
    found = ((planned, _reason(planned, needs)) for planned in visits)
    return [Objection(planned.activity.id, planned.index, reason) for planned, reason in found if reason is not None]


def _reason(planned: PlannedOutline, needs: Mapping[str, HomeVisitNeed]) -> Message | None:
    need, values = needs.get(planned.activity.id), {"title": planned.activity.title, "day": planned.starts_at}
    if need is None:
        return Message("Nobody has said whom “%(title)s” visits: choose it on the page of home visits.", values)
    if not need.covers(planned.starts_at.date()):
        return Message(
            "Whom “%(title)s” visits needs no visit on %(day)s: cut the series short, or change the need.", values
        )
    return None
