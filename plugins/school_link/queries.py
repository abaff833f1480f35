"""What is asked of the program's own tables."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from plugins.school_link.models import Confirmation, LiaisonLink, School, SchoolClass, SchoolDay, SchoolTeacher


def schools() -> Select[School]:
    """The partner schools in reach."""
    return select(School).order_by(School.id)


def days_of(school_id: UUID, first: date, last: date) -> Select[SchoolDay]:
    """A school's exceptions that touch a stretch of days, by their first day."""
    return (
        select(SchoolDay)
        .where(SchoolDay.school_id == school_id, SchoolDay.first <= last, SchoolDay.last >= first)
        .order_by(SchoolDay.first, SchoolDay.id)
    )


def day_entered(day: SchoolDay) -> Select[SchoolDay]:
    """The exception of the same school and kind that begins on the same day."""
    return select(SchoolDay).where(
        SchoolDay.school_id == day.school_id, SchoolDay.first == day.first, SchoolDay.kind == day.kind
    )


def teachers_of(school_id: UUID) -> Select[SchoolTeacher]:
    """A school's teachers."""
    return select(SchoolTeacher).where(SchoolTeacher.school_id == school_id).order_by(SchoolTeacher.id)


def classes() -> Select[SchoolClass]:
    """The class lists of all schools in reach."""
    return select(SchoolClass).order_by(SchoolClass.grade, SchoolClass.name)


def confirmations(activities: Collection[UUID]) -> Select[Confirmation]:
    """What schools were asked for of some activities."""
    return select(Confirmation).where(Confirmation.activity_id.in_(activities)).order_by(Confirmation.id)


def links_that_work(today: date) -> Select[LiaisonLink]:
    """The secret addresses that answer, the newest first."""
    return (
        select(LiaisonLink)
        .where(LiaisonLink.revoked_at.is_(None), LiaisonLink.until >= today)
        .order_by(LiaisonLink.created_at.desc())
    )


def answers_between(first: datetime, end: datetime) -> Select[Confirmation]:
    """What schools were asked for of sessions that begin within a stretch of time, without its end."""
    return select(Confirmation).where(Confirmation.starts_at >= first, Confirmation.starts_at < end)
