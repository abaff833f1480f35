"""All kinds of relaxations by name, so that a stored one can be read again."""

from collections.abc import Mapping
from typing import Any

from core.planning.relaxations.base import Relaxation
from core.planning.relaxations.people import DutyMore, DutyMoreThatDay, HoursMore, VolunteersMore
from core.planning.relaxations.rooms import RoomLarger, RoomMore, RoomOpen
from core.planning.relaxations.series import (
    FaceMore,
    OrderLoosened,
    PinReleased,
    RelationReleased,
    SessionMoreADay,
    StartMore,
)

KINDS: Mapping[str, type[Relaxation]] = {
    found.kind: found
    for found in (
        DutyMoreThatDay,
        DutyMore,
        HoursMore,
        PinReleased,
        FaceMore,
        SessionMoreADay,
        OrderLoosened,
        StartMore,
        RelationReleased,
        RoomOpen,
        RoomLarger,
        RoomMore,
        VolunteersMore,
    )
}


def relaxation(value: dict[str, Any]) -> Relaxation:
    """Return the relaxation that `to_json` wrote; KeyError if it is of no kind, or lacks a field."""
    return KINDS[value["kind"]].from_json(value)
