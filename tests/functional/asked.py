"""Pages of requests: who may call them, written by hand, and rows of the county by which they are found."""

from datetime import date
from typing import Final

from core.db.models import ActivitySession, AvailabilityCampaign, CampaignReply, DutyRequest, DutySwap, Volunteer
from core.domain.clock import Clock
from core.domain.replies import RequestOrigin, RequestState, SwapState

#: As in `access_matrix`.
OF_REQUESTS: Final = """
taking.answer             V
taking.unchanged          V
taking.offer_duty         V
taking.cancel             V
taking.swap               V
taking.places             V
taking.join               V
replies.page              *
replies.answer            *
replies.unchanged         *
asking.listed             A H O
asking.of_session         A H O
asking.ask                A H O
asking.withdraw           A H O
asking.decide_swap        A H O
asking.of_plan            A H O
asking.rules              A H O
reply_links.page          H S O
reply_links.make          H S O
reply_links.revoke        H S O
campaigns.listed          A H O
campaigns.new             A H O
campaigns.page            A H O
campaigns.remind          A H O
campaigns.close           A H O
"""


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
