"""Children who take part or took part in activities."""

from collections.abc import Collection
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


def attended(children: Collection[UUID]) -> Select[UUID, Presence, UUID, int]:
    """What was noted of children at sessions: the child, whether it was there, the activity, the session's number."""
    return (
        select(Attendance.child_id, Attendance.presence, ActivitySession.activity_id, ActivitySession.position)
        .join(ActivitySession, ActivitySession.id == Attendance.session_id)
        .where(Attendance.child_id.in_(children))
        .order_by(ActivitySession.position)
    )


def activities_outlined() -> Select[Activity]:
    """Activities with what programs are told of them."""
    told = (Activity.type_key, Activity.title, Activity.session_count, Activity.size, Activity.settings, Activity.line)
    return select(Activity).options(load_only(*told, Activity.duration), selectinload(Activity.group_choices))
