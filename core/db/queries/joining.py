"""Children who take part or took part in activities."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import load_only, selectinload

from core.db.models import Activity, ActivityGroup, ActivitySession, Attendance, GroupMember
from core.domain.vocabulary import Presence


def memberships(children: Collection[UUID]) -> Select[UUID, UUID, UUID | None]:
    """The groups of children: the child, the group, and an activity that is for the group, None where none is."""
    return (
        select(GroupMember.child_id, GroupMember.group_id, ActivityGroup.activity_id)
        .outerjoin(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .where(GroupMember.child_id.in_(children))
        .order_by(GroupMember.id)
    )


def attended(children: Collection[UUID]) -> Select[UUID, Presence, UUID, int, datetime | None]:
    """What was noted of children at sessions: child, whether it was there, activity, the session's number and start."""
    return (
        select(
            Attendance.child_id,
            Attendance.presence,
            ActivitySession.activity_id,
            ActivitySession.position,
            ActivitySession.starts_at,
        )
        .join(ActivitySession, ActivitySession.id == Attendance.session_id)
        .where(Attendance.child_id.in_(children))
        .order_by(ActivitySession.position)
    )


def activities_outlined() -> Select[Activity]:
    """Activities with what programs are told of them."""
    told = (Activity.type_key, Activity.title, Activity.session_count, Activity.size, Activity.settings, Activity.line)
    also = (Activity.duration, Activity.closed)
    return select(Activity).options(load_only(*told, *also), selectinload(Activity.group_choices))
