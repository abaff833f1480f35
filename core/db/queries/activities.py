"""Activities as their pages list and edit them."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from core.db.models import Activity, Group, Room, Term, Venue


def activities_listed(term_id: UUID) -> Select[Activity]:
    """The activities of a term with their sessions, by title."""
    return (
        select(Activity)
        .where(Activity.term_id == term_id)
        .options(selectinload(Activity.sessions), selectinload(Activity.groups))
        .order_by(Activity.title, Activity.id)
    )


def activity_edited(activity_id: UUID) -> Select[Activity]:
    """One activity with all that its form shows."""
    return (
        select(Activity)
        .where(Activity.id == activity_id)
        .options(
            selectinload(Activity.roles),
            selectinload(Activity.room_choices),
            selectinload(Activity.group_choices),
            selectinload(Activity.sessions),
        )
    )


def activity_titled(term_id: UUID, title: str) -> Select[Activity]:
    """The activity of a term with that title."""
    return select(Activity).where(Activity.term_id == term_id, Activity.title == title)


def activities_of_other_terms(term: Term) -> Select[Activity]:
    """The activities of a term's station in its other terms, the newest term first."""
    return (
        select(Activity)
        .join(Term, Term.id == Activity.term_id)
        .where(Activity.station_id == term.station_id, Activity.term_id != term.id)
        .options(joinedload(Activity.term))
        .order_by(Term.first.desc(), Activity.title)
    )


def terms() -> Select[Term]:
    """The terms in reach, the earliest first."""
    return select(Term).order_by(Term.first, Term.name)


def rooms() -> Select[Room]:
    """The rooms in reach with their venues, by venue and name."""
    return select(Room).join(Room.venue).options(joinedload(Room.venue)).order_by(Venue.name, Room.name)


def venues() -> Select[Venue]:
    """The venues in reach, by name."""
    return select(Venue).order_by(Venue.name)


def groups() -> Select[Group]:
    """The groups in reach, by name."""
    return select(Group).order_by(Group.name)
