"""What was asked of the county's volunteers, and is over: rows by which pages of requests are found."""

from datetime import date

from core.db.models import ActivitySession, AvailabilityCampaign, CampaignReply, DutyRequest, DutySwap, Volunteer
from core.domain.clock import Clock
from core.domain.replies import RequestOrigin, RequestState, SwapState


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
