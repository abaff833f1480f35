"""Campaigns for availability and whom they ask."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import AvailabilityCampaign, CampaignReply


def campaigns() -> Select[AvailabilityCampaign]:
    """All campaigns in reach with who has answered, the newest first."""
    return (
        select(AvailabilityCampaign)
        .options(selectinload(AvailabilityCampaign.answers))
        .order_by(AvailabilityCampaign.asked_at.desc(), AvailabilityCampaign.id)
    )


def replies_of(campaign_id: UUID) -> Select[CampaignReply]:
    """Whom a campaign asks, with the people."""
    return (
        select(CampaignReply)
        .where(CampaignReply.campaign_id == campaign_id)
        .options(joinedload(CampaignReply.volunteer))
    )


def open_replies_of_volunteer(volunteer_id: UUID) -> Select[CampaignReply]:
    """What somebody is asked by campaigns that are not closed, the most urgent first."""
    return (
        select(CampaignReply)
        .join(AvailabilityCampaign, AvailabilityCampaign.id == CampaignReply.campaign_id)
        .where(CampaignReply.volunteer_id == volunteer_id, AvailabilityCampaign.closed_at.is_(None))
        .order_by(AvailabilityCampaign.deadline, CampaignReply.id)
    )


def campaigns_due(now: datetime) -> Select[UUID]:
    """The campaigns of which it is time to remind, or that are over."""
    remind = (AvailabilityCampaign.reminded_at.is_(None)) & (AvailabilityCampaign.remind_at <= now)
    return (
        select(AvailabilityCampaign.id)
        .where(AvailabilityCampaign.closed_at.is_(None), or_(remind, AvailabilityCampaign.deadline <= now))
        .order_by(AvailabilityCampaign.id)
    )
