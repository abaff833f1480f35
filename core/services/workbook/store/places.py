"""Shelves of sites, rooms and the ways between them."""

from core.db.models import Room, TravelTime, Venue
from core.services.workbook.content import RoomRow, TravelRow, VenueRow
from core.services.workbook.store.shelf import Names, Shelf, Values


def _venue(names: Names, row: VenueRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "name": row.name,
        "kind": row.kind,
        "address": row.address,
    }


def _room(names: Names, row: RoomRow) -> Values:
    venue = names.named("venues", row.venue)
    return {
        "station_id": venue.station_id,
        "venue_id": venue.id,
        "name": row.name,
        "zone": row.zone,
        "capacity": row.capacity,
        "features": [feature.value for feature in row.features],
        "turnover": row.turnover,
    }


def _travel(names: Names, row: TravelRow) -> Values:
    one, other = names.named("venues", row.from_venue), names.named("venues", row.to_venue)
    if (other.id, one.id) in names.rows("travel"):
        one, other = other, one
    return {
        "station_id": one.station_id,
        "from_venue_id": one.id,
        "to_venue_id": other.id,
        "minutes": row.minutes,
    }


def _room_name(room: Room) -> str:
    return f"{room.venue.name}/{room.name}"


PLACES = (
    Shelf("venues", Venue, ("station_id", "name"), _venue, name=str),
    Shelf("rooms", Room, ("venue_id", "name"), _room, name=_room_name),
    Shelf("travel", TravelTime, ("from_venue_id", "to_venue_id"), _travel),
)
