"""Shelves of groups, children and guardians: sealed fields are opened in memory to see whether they changed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from core.db.models import Child, ChildCategoryMark, Group, GroupMember, Guardian
from core.db.session import vault_of
from core.domain.ages import school_year
from core.services.children.digest import refresh
from core.services.children.duplicates import id_number_index, name_birth_index
from core.services.workbook.content import ChildRow, GroupRow, GuardianRow
from core.services.workbook.sheets.children import born_on, document_of, sex_of
from core.services.workbook.store.parts import bring_into_line
from core.services.workbook.store.shelf import Names, Shelf, Values

_AS_THEY_ARE: Final = (
    "ethnicity",
    "school",
    "address",
    "registered_address",
    "health",
    "diet",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
)


def _group(names: Names, row: GroupRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "name": row.name,
        "from_age": row.from_age,
        "to_age": row.to_age,
        "compact": row.compact,
        "closed": row.closed,
    }


def _child(names: Names, row: ChildRow) -> Values:
    vault, born, sex = vault_of(names.session), born_on(row).isoformat(), sex_of(row)
    document = document_of(row)
    return {
        "station_id": names.named_id("stations", row.station),
        "number": row.number,
        "name": row.name,
        "document": document.value,
        "id_number": row.id_number,
        "id_number_index": id_number_index(vault, document, row.id_number),
        "name_birth_index": name_birth_index(vault, row.name, born),
        "birth_date": born,
        "sex": sex.value if sex else None,
        "grade": row.grade.value if row.grade else None,
        "grade_year": school_year(names.today) if row.grade else None,
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
    }


def _child_parts(names: Names, child: Child, row: ChildRow, absent: frozenset[str]) -> bool:
    changed = False
    owner = {"station_id": child.station_id, "child_id": child.id}
    if "categories" not in absent:
        changed |= _bring_categories(child, {category.value for category in row.categories}, names.today, owner)
    if "groups" not in absent:
        groups = [names.named("groups", name).id for name in row.groups]
        changed |= bring_into_line(child.memberships, GroupMember, "group_id", groups, owner)
    return changed


def _bring_categories(child: Child, wanted: set[str], today: date, owner: Values) -> bool:
    """Let those categories hold that are wanted: the others end, and stay in the file's history."""
    holding = {mark.category: mark for mark in child.categories if mark.until_day is None or mark.until_day >= today}
    surplus = [mark for category, mark in holding.items() if category not in wanted]
    for mark in surplus:
        mark.until_day = max(today - timedelta(days=1), mark.from_day or date.min)
    lacking = sorted(wanted - holding.keys())
    child.categories.extend(ChildCategoryMark(**owner, category=category) for category in lacking)
    return bool(surplus or lacking)


def refresh_digests(names: Names, numbers: Iterable[str]) -> None:
    """Bring what lists show of these children into line, with the guardians of the stock."""
    guardians: dict[UUID, list[Guardian]] = {}
    for row in names.rows("guardians").values():
        guardians.setdefault(row.child_id, []).append(row)
    for number in dict.fromkeys(numbers):
        child = names.named("children", number)
        refresh(child, guardians.get(child.id, []))


def _guardian(names: Names, row: GuardianRow) -> Values:
    child = names.named("children", row.child)
    return {
        "station_id": child.station_id,
        "child_id": child.id,
        "name": row.name,
        "relation": row.relation,
        "phone": row.phone,
        "phone_index": vault_of(names.session).blind_index("guardians.phone", row.phone),
        "more_phones": " ".join(row.more_phones) or None,
        "address": row.address,
    }


def _number(child: Child) -> str:
    return child.number


CHILDREN = (
    Shelf("groups", Group, ("station_id", "name"), _group, name=str),
    Shelf(
        "children",
        Child,
        ("station_id", "number"),
        _child,
        name=_number,
        parts=_child_parts,
        eager=("categories", "memberships"),
        dated=True,
    ),
    Shelf("guardians", Guardian, ("child_id", "name"), _guardian),
)
