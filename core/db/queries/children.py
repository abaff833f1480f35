"""Children as pages look them up."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select

from core.db.models import Child, ChildCategoryMark, ChildTurn, Group, GroupMember, Guardian, RightsRequest, Visit
from core.db.sealed import Sealed
from core.domain.rights import Outcome, RequestKind


def children_numbered(number: str) -> Select[Child]:
    """The files in reach with that number; stations number their files by themselves."""
    return select(Child).where(Child.number == number)


def numbered_at(station_id: UUID, number: str) -> Select[Child]:
    """The file of a station with that number."""
    return select(Child).where(Child.station_id == station_id, Child.number == number)


def restricted() -> Select[UUID]:
    """The children whose data a guardian has had restricted: kept and shown, not given out and not used for more."""
    return select(RightsRequest.child_id).where(
        RightsRequest.kind == RequestKind.RESTRICTION,
        RightsRequest.outcome == Outcome.DONE,
        RightsRequest.lifted_at.is_(None),
    )


def restriction_of(child_id: UUID) -> Select[RightsRequest]:
    """The requests by which a child's data is restricted, the newest first."""
    return (
        select(RightsRequest)
        .where(
            RightsRequest.id.in_(restricted().with_only_columns(RightsRequest.id)), RightsRequest.child_id == child_id
        )
        .order_by(RightsRequest.entered_at.desc())
    )


def like(document: bytes | None, name_and_birth: bytes | None) -> Select[Child]:
    """The files in reach with the same document, or the same name and birth date; None is asked for nothing."""
    same_document = Child.id_number_index == document if document else false()
    same_name = Child.name_birth_index == name_and_birth if name_and_birth else false()
    return select(Child).where(or_(same_document, same_name)).order_by(Child.number)


def with_document(indexes: Collection[bytes]) -> Select[UUID]:
    """The ids of the files in reach whose document has one of these indexes."""
    return select(Child.id).where(Child.id_number_index.in_(indexes))


def files(
    *, group: UUID | None = None, station: UUID | None = None, left: bool = False, among: Collection[UUID] | None = None
) -> Select[UUID]:
    """The ids of the files in reach that fit, in the order of their numbers; `among` picks some of them."""
    query = select(Child.id).where(Child.left_on.is_not(None) if left else Child.left_on.is_(None))
    if group is not None:
        query = query.where(Child.id.in_(select(GroupMember.child_id).where(GroupMember.group_id == group)))
    if station is not None:
        query = query.where(Child.station_id == station)
    if among is not None:
        query = query.where(Child.id.in_(among))
    return query.order_by(Child.number, Child.id)


def counted(query: Select[UUID]) -> Select[int]:
    """How many files a query of `files` finds."""
    return query.order_by(None).with_only_columns(func.count(Child.id))


def with_digests(query: Select[UUID]) -> Select[UUID, UUID, str, Sealed | None]:
    """The files of a query of `files` as columns, no objects: id, station, number, digest."""
    return query.with_only_columns(Child.id, Child.station_id, Child.number, Child.sealed_digest)


def groups_of(children: Collection[UUID]) -> Select[UUID, str]:
    """The names of the groups of some children, by name."""
    return (
        select(GroupMember.child_id, Group.name)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.child_id.in_(children))
        .order_by(Group.name)
    )


def guardians_of(child_id: UUID) -> Select[Guardian]:
    """The guardians of a child, as they were entered."""
    return select(Guardian).where(Guardian.child_id == child_id).order_by(Guardian.id)


def visits_of(child_id: UUID) -> Select[Visit]:
    """The visits of a child, the newest first."""
    return select(Visit).where(Visit.child_id == child_id).order_by(Visit.visited_on.desc(), Visit.id.desc())


def turns_of(child_id: UUID) -> Select[ChildTurn]:
    """The turns of a child's file, the newest first."""
    return select(ChildTurn).where(ChildTurn.child_id == child_id).order_by(ChildTurn.day.desc(), ChildTurn.id.desc())


def merged_from(former_id: UUID) -> Select[UUID]:
    """The file into which another one was merged, by the id that it had."""
    return select(ChildTurn.child_id).where(ChildTurn.merged_id == former_id)


def marks_of(child_id: UUID) -> Select[ChildCategoryMark]:
    """The categories of a child, as they were entered."""
    return select(ChildCategoryMark).where(ChildCategoryMark.child_id == child_id).order_by(ChildCategoryMark.id)


def kept_since() -> Select[UUID, UUID, str, Sealed, datetime]:
    """The files in reach that are kept, as columns: id, station, number, name, and since when."""
    columns = (Child.id, Child.station_id, Child.number, Child.sealed_name, Child.created_at)
    return select(*columns).where(Child.left_on.is_(None))


def with_births() -> Select[UUID, Sealed]:
    """The files in reach that are kept, as columns: id, birth date."""
    return select(Child.id, Child.sealed_birth_date).where(Child.left_on.is_(None))


def marks_on(day: date, child_id: UUID | None = None) -> Select[UUID, UUID, Sealed]:
    """The categories that hold on a day, as columns: id, child, category."""
    query = select(ChildCategoryMark.id, ChildCategoryMark.child_id, ChildCategoryMark.sealed_category).where(
        or_(ChildCategoryMark.until_day.is_(None), ChildCategoryMark.until_day >= day)
    )
    return query if child_id is None else query.where(ChildCategoryMark.child_id == child_id)


def last_visits(child_id: UUID | None = None) -> Select[UUID, UUID, date, Sealed | None]:
    """The visits as columns, the last of each child after all others of it: id, child, day, day of the next."""
    query = select(Visit.id, Visit.child_id, Visit.visited_on, Visit.sealed_next_due)
    query = query.order_by(Visit.visited_on, Visit.id)
    return query if child_id is None else query.where(Visit.child_id == child_id)


def children_by_id(ids: Collection[UUID]) -> Select[Child]:
    """Those of these files that are in reach."""
    return select(Child).where(Child.id.in_(ids)).order_by(Child.number)
