"""What people call the tables whose rows follow a child."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.services.children.dependents import program_titles

_OF_CORE: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "attendances": Message("notes of attendance"),
        "child_categories": Message("categories"),
        "access_grant_children": Message("leave to read the file"),
        "child_feed_items": Message("entries of the calendar"),
        "child_files": Message("scans and proofs"),
        "child_turns": Message("earlier turns"),
        "consents": Message("consents"),
        "group_members": Message("places in groups"),
        "group_members_left": Message("places in groups that were given up"),
        "guardian_leaves": Message("decisions on what guardians see"),
        "guardian_links": Message("addresses for guardians"),
        "guardians": Message("guardians"),
        "handovers": Message("notes of who picked the child up"),
        "pick_up_persons": Message("persons for the pick-up"),
        "registrations": Message("registrations"),
        "registrations_ended": Message("registrations that ended, since the other file's stands better"),
        "sealed_child_workers": Message("named workers"),
        "rights_requests": Message("guardians' requests"),
        "visits": Message("visits"),
        "wish_lists": Message("lists of wishes"),
    }
)


def table_names() -> Mapping[str, Message]:
    """Return what people call each table whose rows follow a child, of core and of the programs that are loaded."""
    return {**program_titles(), **_OF_CORE}
