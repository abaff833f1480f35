"""What was asked of the county's volunteers and is over, and what they served: rows by which pages are found."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import (
    ActivitySession,
    AvailabilityCampaign,
    CampaignReply,
    DutyRequest,
    DutySwap,
    ServiceCertificate,
    ServiceEntry,
    ServiceObjection,
    Volunteer,
)
from core.domain.clock import Clock
from core.domain.ids import new_id
from core.domain.replies import RequestOrigin, RequestState, SwapState
from core.domain.service_hours import EntryKind


def a_question(clock: Clock, row: ActivitySession, volunteer: Volunteer) -> DutyRequest:
    """Return a question that was taken back."""
    return DutyRequest(
        station_id=row.station_id,
        session_id=row.id,
        volunteer_id=volunteer.id,
        role="lead",
        origin=RequestOrigin.PLAN,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=RequestState.WITHDRAWN,
        asked_at=clock.now(),
    )


def a_swap(clock: Clock, row: ActivitySession, volunteer: Volunteer) -> DutySwap:
    """Return an offer that was withdrawn."""
    return DutySwap(
        station_id=row.station_id,
        session_id=row.id,
        volunteer_id=volunteer.id,
        role="lead",
        starts_at=row.starts_at,
        state=SwapState.WITHDRAWN,
        offered_at=clock.now(),
    )


def a_campaign(clock: Clock, row: ActivitySession, volunteer: Volunteer) -> AvailabilityCampaign:
    """Return a campaign that is closed, and that the volunteer never answered."""
    made = AvailabilityCampaign(
        station_id=row.station_id,
        title="冬季",
        first=date(2026, 12, 1),
        last=date(2026, 12, 31),
        deadline=clock.now(),
        remind_at=clock.now(),
        asked_at=clock.now(),
        closed_at=clock.now(),
    )
    made.answers = [CampaignReply(station_id=row.station_id, volunteer_id=volunteer.id)]
    return made


def asked_and_served(session: Session, clock: Clock, row: ActivitySession, volunteer: Volunteer) -> dict[str, UUID]:
    """Add what a volunteer was asked and has served, and return the ids of the rows by their kinds."""
    asked = {
        "question": a_question(clock, row, volunteer),
        "swap": a_swap(clock, row, volunteer),
        "campaign": a_campaign(clock, row, volunteer),
    }
    session.add_all(asked.values())
    session.flush()
    return {kind: one.id for kind, one in asked.items()} | _some_service(session, clock, row, volunteer)


def _some_service(session: Session, clock: Clock, row: ActivitySession, volunteer: Volunteer) -> dict[str, UUID]:
    own: dict[str, Any] = {"station_id": row.station_id, "volunteer_id": volunteer.id}
    # So early that it is neither shown nor counted among what a page shows of the time around now.
    day = date(2025, 11, 1)
    entry = ServiceEntry(
        session_id=row.id,
        kind=EntryKind.SERVED,
        served_on=day,
        title="绘画课",
        minutes=120,
        noted_on=day,
        noted_at=clock.now(),
        **own,
    )
    session.add(entry)
    session.flush()
    objection = ServiceObjection(entry_id=entry.id, made_at=clock.now(), **own)
    objection.text = "到得更早"
    paper = {"name": volunteer.name, "document_type": "未登记", "document_number": "", "station": "未保站"}
    paper |= {"first": "2025-11-01", "last": "2025-11-01", "hours": "2", "issued_on": "2025-12-01"}
    certificate = ServiceCertificate(
        id=new_id(),
        number="2025-0001",
        token_hash=new_id().bytes * 2,
        issued_on=day,
        issued_at=clock.now(),
        minutes=120,
        **own,
    )
    certificate.paper = json.dumps(
        {
            **paper,
            "sessions": 1,
            "volunteer_number": volunteer.number,
            "service": [],
            "head": "",
            "handler": "",
            "phone": "",
        }
    )
    session.add_all([objection, certificate])
    session.flush()
    return {"entry": entry.id, "objection": objection.id, "certificate": certificate.id}
