"""What a planning problem is made of."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import Activity, ActivitySession, Group, Plan, Room, Term, TravelTime, Venue, Volunteer
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.domain.serving import Stage
from core.domain.vocabulary import VenueKind


def term_named(name: str) -> Select[Term]:
    """Terms of that name within the session's scope."""
    return select(Term).where(Term.name == name)


def activities_of(term_id: UUID) -> Select[Activity]:
    """Activities of a term with all that planning needs of them, in a stable order."""
    return (
        select(Activity)
        .where(Activity.term_id == term_id)
        .options(
            selectinload(Activity.roles),
            selectinload(Activity.room_choices),
            selectinload(Activity.group_choices),
            selectinload(Activity.sessions),
        )
        .order_by(Activity.title)
    )


def types_of_activities(term_id: UUID) -> Select[UUID, str]:
    """The type of each activity of a term, by its id."""
    return select(Activity.id, Activity.type_key).where(Activity.term_id == term_id)


def activities_joined() -> Select[Activity]:
    """Activities with what decides who may join them, in a stable order."""
    return (
        select(Activity)
        .options(selectinload(Activity.group_choices), selectinload(Activity.sessions), joinedload(Activity.place))
        .order_by(Activity.title)
    )


def rooms_of(stations: Collection[UUID]) -> Select[Room]:
    """Rooms of the stations with their venues, in a stable order."""
    return (
        select(Room).where(Room.station_id.in_(stations)).options(joinedload(Room.venue)).order_by(Room.name, Room.id)
    )


def outdoor_rooms() -> Select[UUID]:
    """The rooms of sites that lie outside."""
    return select(Room.id).join(Room.venue).where(Venue.kind == VenueKind.OUTDOOR)


def volunteers_of(stations: Collection[UUID], also: Collection[UUID] = ()) -> Select[Volunteer]:
    """Volunteers at the stations' disposal, and those in `also`, with all that planning needs, in a stable order."""
    return (
        select(Volunteer)
        .where(Volunteer.station_id.in_(stations), or_(_at_disposal(), Volunteer.id.in_(also)))
        .options(
            selectinload(Volunteer.skills),
            selectinload(Volunteer.clearances),
            selectinload(Volunteer.availabilities),
            selectinload(Volunteer.blackouts),
            selectinload(Volunteer.likes),
            selectinload(Volunteer.answer),
        )
        .order_by(Volunteer.number, Volunteer.id)
    )


def _at_disposal() -> ColumnElement[bool]:
    return and_(Volunteer.active, Volunteer.stage == Stage.ACCEPTED)


def groups_of(stations: Collection[UUID]) -> Select[Group]:
    """Groups of the stations, in a stable order."""
    return select(Group).where(Group.station_id.in_(stations)).order_by(Group.name, Group.id)


def travel_of(stations: Collection[UUID]) -> Select[TravelTime]:
    """Travel times entered for the stations' venues."""
    return select(TravelTime).where(TravelTime.station_id.in_(stations)).order_by(TravelTime.id)


def ways_between(venues: Collection[UUID]) -> Select[TravelTime]:
    """Travel times entered between some venues; where a pair stands twice, the last counts."""
    query = select(TravelTime).where(TravelTime.from_venue_id.in_(venues), TravelTime.to_venue_id.in_(venues))
    return query.order_by(TravelTime.id)


def held_sessions_of(term_id: UUID) -> Select[ActivitySession]:
    """Sessions of a term that are published as held, with who serves in them."""
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(Activity.term_id == term_id, ActivitySession.status == SessionStatus.HELD)
        .options(selectinload(ActivitySession.assignments))
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def held_sessions_elsewhere(term: Term) -> Select[ActivitySession]:
    """Sessions of other terms that are held within the term's dates: their rooms and people are taken."""
    from_midnight = datetime.combine(term.first, time.min)
    to_midnight = datetime.combine(term.last + timedelta(days=1), time.min)
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(
            Activity.term_id != term.id,
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.ends_at > from_midnight,
            ActivitySession.starts_at < to_midnight,
        )
        .options(selectinload(ActivitySession.assignments))
    )


def plans_of(term_id: UUID) -> Select[Plan]:
    """Plans of a term, the newest first."""
    return select(Plan).where(Plan.term_id == term_id).order_by(Plan.version.desc())


def published_plan_of(term_id: UUID) -> Select[Plan]:
    """The plan of a term that is published now, if any."""
    return select(Plan).where(Plan.term_id == term_id, Plan.status == PlanStatus.PUBLISHED)


def drafts() -> Select[Plan]:
    """Drafts of all terms, the newest first."""
    return select(Plan).where(Plan.status == PlanStatus.DRAFT).order_by(Plan.created_at.desc(), Plan.id.desc())
