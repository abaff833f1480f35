"""Registration as services and pages ask for it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, load_only

from core.db.models import (
    Activity,
    ActivityIntake,
    ActivitySession,
    Child,
    GroupMember,
    Registration,
    Room,
    Term,
    TermIntake,
)
from core.db.models.activity import SessionStatus
from core.domain.registering import HOLDING, LIVE, Place


def intake_of(activity_id: UUID) -> Select[ActivityIntake]:
    """What an activity takes, with the activity and its term."""
    return (
        select(ActivityIntake)
        .where(ActivityIntake.activity_id == activity_id)
        .options(joinedload(ActivityIntake.activity).joinedload(Activity.term), joinedload(ActivityIntake.group))
    )


def intakes_of(term_id: UUID) -> Select[ActivityIntake]:
    """What the activities of a term take, by title."""
    return (
        select(ActivityIntake)
        .join(ActivityIntake.activity)
        .where(Activity.term_id == term_id)
        .options(joinedload(ActivityIntake.activity).joinedload(Activity.term))
        .order_by(Activity.title)
    )


def locked_intakes(activities: Collection[UUID]) -> Select[ActivityIntake]:
    """What activities take, which nobody else gives places of until the transaction ends.

    Everybody locks in the order of the ids, so that no two wait for each other.
    """
    return (
        select(ActivityIntake)
        .where(ActivityIntake.activity_id.in_(activities))
        .options(joinedload(ActivityIntake.activity).joinedload(Activity.term))
        .order_by(ActivityIntake.activity_id)
        .with_for_update(of=ActivityIntake)
        .execution_options(populate_existing=True)
    )


def locked_children(children: Collection[UUID]) -> Select[Child]:
    """Files of children whom nobody else registers until the transaction ends, in the order of their ids.

    Of all that a file holds they have what decides about a place.
    """
    deciding = (Child.station_id, Child.sealed_birth_date, Child.sealed_grade, Child.grade_year, Child.left_on)
    return (
        select(Child)
        .where(Child.id.in_(children))
        .options(load_only(*deciding, Child.sealed_file))
        .order_by(Child.id)
        .with_for_update(key_share=True)
    )


def term_intake_of(term_id: UUID) -> Select[TermIntake]:
    """How a term's places are given."""
    return select(TermIntake).where(TermIntake.term_id == term_id)


def terms_with_intake() -> Select[Term]:
    """The terms in which children are registered, by date."""
    return select(Term).where(exists().where(TermIntake.term_id == Term.id)).order_by(Term.first, Term.name)


def term_intakes_of(terms: Collection[UUID]) -> Select[TermIntake]:
    """How the places of terms are given."""
    return select(TermIntake).where(TermIntake.term_id.in_(terms))


def live_of_child(child_id: UUID) -> Select[Registration]:
    """The registrations of a child that still count."""
    return select(Registration).where(Registration.child_id == child_id, Registration.state.in_(LIVE))


def live_of_children(children: Collection[UUID]) -> Select[UUID, UUID, UUID, Place, int | None, datetime | None]:
    """The registrations of children that still count: child, activity, and where they stand."""
    row = Registration
    return select(row.child_id, row.activity_id, row.id, row.state, row.position, row.offered_until).where(
        row.child_id.in_(children), row.state.in_(LIVE)
    )


def titles_of(activities: Collection[UUID]) -> Select[UUID, str, bool, UUID]:
    """What activities are called, whether that may be told, and their terms."""
    return select(Activity.id, Activity.title, Activity.closed, Activity.term_id).where(Activity.id.in_(activities))


def of_requests(requests: Collection[UUID]) -> Select[Registration]:
    """What some forms, files or pages have brought."""
    return select(Registration).where(Registration.request_id.in_(requests))


def of_request(request_id: UUID) -> Select[Registration]:
    """What one form, file or page has brought."""
    return select(Registration).where(Registration.request_id == request_id).order_by(Registration.id)


def of_activity(activity_id: UUID) -> Select[Registration]:
    """All registrations for an activity, those that ended as well, by the moment they came."""
    return (
        select(Registration)
        .where(Registration.activity_id == activity_id)
        .order_by(Registration.registered_at, Registration.id)
    )


def waiting_for(activity_id: UUID) -> Select[Registration]:
    """The waiting list in its order: whoever was put first, then by position."""
    return (
        select(Registration)
        .where(Registration.activity_id == activity_id, Registration.state == Place.WAITING)
        .order_by(Registration.first_since.is_(None), Registration.first_since, Registration.position)
    )


def standing_counts(activities: Collection[UUID]) -> Select[UUID, Place, int]:
    """How many registrations of activities are in each state."""
    return (
        select(Registration.activity_id, Registration.state, func.count())
        .where(Registration.activity_id.in_(activities), Registration.state.in_(LIVE))
        .group_by(Registration.activity_id, Registration.state)
    )


def times_of(activities: Collection[UUID]) -> Select[UUID, UUID, datetime | None, datetime | None, UUID | None]:
    """The published sessions of activities, by time: the activity, the session, from when to when, the site."""
    return (
        select(
            ActivitySession.activity_id,
            ActivitySession.id,
            ActivitySession.starts_at,
            ActivitySession.ends_at,
            func.coalesce(Room.venue_id, Activity.place_id),
        )
        .join(ActivitySession.activity)
        .outerjoin(ActivitySession.room)
        .where(ActivitySession.activity_id.in_(activities), ActivitySession.status == SessionStatus.HELD)
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def published_sessions(activities: Collection[UUID]) -> Select[ActivitySession]:
    """The published sessions of activities, by time, whole."""
    return (
        select(ActivitySession)
        .where(ActivitySession.activity_id.in_(activities), ActivitySession.status == SessionStatus.HELD)
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def activities_due(moment: datetime) -> Select[UUID]:
    """Activities where an offer has run out by the moment, or where a place is free while somebody waits."""
    taken = (
        select(func.count())
        .where(Registration.activity_id == ActivityIntake.activity_id, Registration.state.in_(HOLDING))
        .scalar_subquery()
    )
    of_it = exists().where(Registration.activity_id == ActivityIntake.activity_id)
    ran_out = of_it.where(Registration.state == Place.OFFERED, Registration.offered_until <= moment)
    waits = of_it.where(Registration.state == Place.WAITING) & (taken < ActivityIntake.capacity)
    return select(ActivityIntake.activity_id).where(ran_out | waits).order_by(ActivityIntake.activity_id)


def lost_places() -> Select[Registration]:
    """Registrations of children who have left, and places of children who aren't in the activity's group any more."""
    member = exists().where(
        GroupMember.group_id == ActivityIntake.group_id, GroupMember.child_id == Registration.child_id
    )
    return (
        select(Registration)
        .join(Child, Child.id == Registration.child_id)
        .join(ActivityIntake, ActivityIntake.activity_id == Registration.activity_id)
        .where(
            Registration.state.in_(LIVE) & Child.left_on.is_not(None) | (Registration.state == Place.PLACED) & ~member
        )
        .order_by(Registration.activity_id, Registration.id)
    )
