"""What people call the tables whose rows follow a child."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

TABLE_NAMES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "attendances": Message("notes of attendance"),
        "child_categories": Message("categories"),
        "access_grant_children": Message("leave to read the file"),
        "child_files": Message("scans and proofs"),
        "child_turns": Message("earlier turns"),
        "consents": Message("consents"),
        "group_members": Message("places in groups"),
        "group_members_left": Message("places in groups that were given up"),
        "guardians": Message("guardians"),
        "pick_up_persons": Message("persons for the pick-up"),
        "sealed_child_workers": Message("named workers"),
        "rights_requests": Message("guardians' requests"),
        "visits": Message("visits"),
    }
)
