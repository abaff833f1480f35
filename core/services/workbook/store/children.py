"""Shelves of groups, children and guardians: sealed fields are opened in memory to see whether they changed."""

from core.db.models import Child, ChildCategoryMark, Group, GroupMember, Guardian
from core.db.session import vault_of
from core.services.workbook.content import ChildRow, GroupRow, GuardianRow
from core.services.workbook.sheets.children import born_on
from core.services.workbook.store.parts import bring_into_line
from core.services.workbook.store.shelf import Names, Shelf, Values


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
    return {
        "station_id": names.named_id("stations", row.station),
        "number": row.number,
        "name": row.name,
        "id_number": row.id_number,
        "id_number_index": vault_of(names.session).blind_index("children.id_number", row.id_number),
        "birth_date": born_on(row).isoformat(),
        "address": row.address,
        "health": row.health,
    }


def _child_parts(names: Names, child: Child, row: ChildRow, absent: frozenset[str]) -> bool:
    changed = False
    owner = {"station_id": child.station_id, "child_id": child.id}
    if "categories" not in absent:
        words = [category.value for category in row.categories]
        changed |= bring_into_line(child.categories, ChildCategoryMark, "category", words, owner)
    if "groups" not in absent:
        groups = [names.named("groups", name).id for name in row.groups]
        changed |= bring_into_line(child.memberships, GroupMember, "group_id", groups, owner)
    return changed


def _guardian(names: Names, row: GuardianRow) -> Values:
    child = names.named("children", row.child)
    return {
        "station_id": child.station_id,
        "child_id": child.id,
        "name": row.name,
        "relation": row.relation,
        "phone": row.phone,
        "phone_index": vault_of(names.session).blind_index("guardians.phone", row.phone),
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
