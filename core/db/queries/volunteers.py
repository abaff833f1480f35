"""People who work near children, and the sessions in which they serve."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from core.db.models import Activity, ActivitySession, Assignment, User, Volunteer, VolunteerAnswer, VolunteerPresence
from core.db.models.activity import SessionStatus
from core.domain.actor import Role
from core.domain.serving import Stage


def people() -> Select[Volunteer]:
    """Everybody, with checks, skills and steps, by name."""
    return (
        select(Volunteer)
        .options(selectinload(Volunteer.clearances), selectinload(Volunteer.skills), selectinload(Volunteer.steps))
        .order_by(Volunteer.name, Volunteer.number, Volunteer.id)
    )


def people_in_service(stations: Collection[UUID]) -> Select[Volunteer]:
    """People whom these stations have accepted and who serve at present, with their checks, by name."""
    return people().where(
        Volunteer.station_id.in_(stations), Volunteer.stage == Stage.ACCEPTED, Volunteer.active.is_(True)
    )


def people_with_households(stations: Collection[UUID]) -> Select[Volunteer]:
    """People whom these stations have accepted and who serve at present, if they live with others by anybody's word."""
    said = VolunteerAnswer.sealed_company.is_not(None)
    return (
        select(Volunteer)
        .outerjoin(Volunteer.answer)
        .where(
            Volunteer.station_id.in_(stations),
            Volunteer.stage == Stage.ACCEPTED,
            Volunteer.active.is_(True),
            or_(Volunteer.household.is_not(None), said),
        )
        .options(contains_eager(Volunteer.answer))
        .order_by(Volunteer.number, Volunteer.id)
    )


def person_with_phone(station_id: UUID, phone_index: bytes) -> Select[Volunteer]:
    """The people of a station who have this phone, the first that came first."""
    return (
        select(Volunteer)
        .where(Volunteer.station_id == station_id, Volunteer.phone_index == phone_index)
        .order_by(Volunteer.id)
    )


def numbers_beginning_with(station_id: UUID, prefix: str) -> Select[str]:
    """The numbers of a station's people that begin so."""
    return select(Volunteer.number).where(
        Volunteer.station_id == station_id, func.substr(Volunteer.number, 1, len(prefix)) == prefix
    )


def sessions_ahead_of(volunteer_id: UUID, now: datetime) -> Select[ActivitySession]:
    """Published sessions that have not begun and in which somebody serves, by time."""
    return (
        select(ActivitySession)
        .join(ActivitySession.assignments)
        .where(
            Assignment.volunteer_id == volunteer_id,
            ActivitySession.status == SessionStatus.HELD,
            ActivitySession.starts_at >= now,
        )
        .options(joinedload(ActivitySession.activity))
        .order_by(ActivitySession.starts_at, ActivitySession.id)
    )


def presences_of(session_id: UUID) -> Select[VolunteerPresence]:
    """The stays at a session, with the volunteers and their checks, in the order in which they were noted."""
    return (
        select(VolunteerPresence)
        .where(VolunteerPresence.session_id == session_id)
        .options(joinedload(VolunteerPresence.volunteer).selectinload(Volunteer.clearances))
        .order_by(VolunteerPresence.noted_at, VolunteerPresence.arrived_at, VolunteerPresence.id)
    )


def accounts_without_file() -> Select[User]:
    """Accounts of people who work at a station, other than volunteers, with no file as somebody near children."""
    return (
        select(User)
        .where(User.active, User.role != Role.VOLUNTEER, User.volunteer_id.is_(None))
        .order_by(User.display_name, User.login)
    )


def trainings() -> Select[Activity]:
    """Activities that give adults a skill, the newest first."""
    return select(Activity).where(Activity.grants_skill.is_not(None)).order_by(Activity.id.desc())
