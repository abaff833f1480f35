"""The list of children in the shape in which staff enter it into the national child welfare system.

One sheet of text. It holds what is sensitive, so it takes those children alone for whom a grant
covers all of its columns, and notes the reading of each.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.db.models import Child, Station
from core.db.queries.children import restricted as restricted_children
from core.domain.actor import Actor
from core.domain.ages import school_year
from core.domain.capabilities import Capability
from core.domain.child_file import Grade, IdDocument, grade_now
from core.domain.clock import Clock
from core.domain.errors import Message, NotAllowedError
from core.domain.id_numbers import Sex
from core.domain.vocabulary import ChildCategory, SensitiveField
from core.security.permissions import require
from core.services.audit import record
from core.services.grants import read_fields, readable_fields
from core.services.spreadsheets import as_xlsx
from core.services.workbook.words import word_of

COVERING: Final = frozenset(
    {
        SensitiveField.ID_NUMBER,
        SensitiveField.ADDRESS,
        SensitiveField.CATEGORIES,
        SensitiveField.CONTACTS,
    }
)
_HEADINGS: Final = (
    "姓名",
    "性别",
    "身份证件类型",
    "身份证件号码",
    "出生日期",
    "民族",
    "户籍地址",
    "居住地址",
    "儿童类别",
    "类别起始日期",
    "监护人姓名",
    "与儿童关系",
    "监护人联系电话",
    "就学情况",
    "就读学校",
    "年级",
    "健康状况",
    "所属社区",
    "档案编号",
    "建档日期",
)
_BETWEEN: Final = "、"


@dataclass(frozen=True)
class Exported:
    """The workbook, and how many children are in it and how many are not for want of a grant."""

    content: bytes = field(repr=False)
    children: int
    left_out: int


def covered(session: Session, actor: Actor, clock: Clock) -> tuple[list[Child], int]:
    """Return the kept children in reach for whom the actor may read every column, and how many others there are.

    Of a child whose data is restricted nothing is given out.
    """
    query = select(Child).where(Child.left_on.is_(None)).order_by(Child.number, Child.id)
    children = session.scalars(query.options(selectinload(Child.guardians), selectinload(Child.categories))).all()
    now = clock.now()
    restricted = set(session.scalars(restricted_children()))
    open_to_use = [child for child in children if child.id not in restricted]
    readable = [child for child in open_to_use if readable_fields(session, actor, child, now) >= COVERING]
    return readable, len(children) - len(readable)


def export_children(session: Session, actor: Actor, clock: Clock, *, today: date) -> Exported:
    """Return the workbook and note the reading of each child in it.

    Raises NotAllowedError for whoever may not export, or has a grant for no child.
    """
    require(actor, Capability.EXPORT_CHILDREN)
    children, left_out = covered(session, actor, clock)
    if not children or actor.station_id is None:
        raise NotAllowedError(
            Message("An export needs a grant that covers ID number, addresses, categories and contacts.")
        )
    stations = {row.id: row.name for row in session.execute(select(Station.id, Station.name))}
    rows = []
    for child in children:
        # What a guardian has not agreed to tell of the child's health stays blank.
        health = readable_fields(session, actor, child, clock.now()) & {SensitiveField.HEALTH}
        read_fields(session, actor, clock, child, COVERING | health)
        rows.append(_row(child, stations[child.station_id], today, told_health=bool(health)))
    record(
        session,
        actor,
        clock,
        station_id=actor.station_id,
        action="children.exported",
        subject_kind="children",
        subject_id=None,
        detail={"children": len(children), "left_out": left_out},
    )
    return Exported(as_xlsx(_HEADINGS, rows), len(children), left_out)


def _row(child: Child, station: str, today: date, *, told_health: bool) -> tuple[str, ...]:
    marks = [mark for mark in child.categories if mark.until_day is None or mark.until_day >= today]
    grade = grade_now(Grade(child.grade) if child.grade else None, child.grade_year, school_year(today))
    health = [text for text in (child.health, child.diet) if text] if told_health else []
    guardians = child.guardians
    return (
        child.name,
        word_of(Sex(child.sex)) if child.sex else "",
        word_of(IdDocument(child.document or IdDocument.RESIDENT_ID)),
        child.id_number or "",
        child.birth_date,
        child.ethnicity or "",
        child.registered_address or "",
        child.address or "",
        _BETWEEN.join(word_of(ChildCategory(mark.category)) for mark in marks),
        _BETWEEN.join(mark.from_day.isoformat() for mark in marks if mark.from_day),
        _BETWEEN.join(guardian.name for guardian in guardians),
        _BETWEEN.join(word_of(guardian.relation) for guardian in guardians),
        _BETWEEN.join(guardian.phone for guardian in guardians),
        _schooling(grade),
        child.school or "",
        word_of(grade) if grade else "",
        "；".join(health),
        station,
        child.number,
        child.created_at.date().isoformat(),
    )


def _schooling(grade: Grade | None) -> str:
    if grade is None:
        return ""
    return "未在学" if grade is Grade.NONE else "在学"
