"""Shelves of opening hours, closed days, terms and school breaks."""

from core.db.models import Closure, SchoolBreak, StationHours, Term
from core.services.workbook.content import ClosureRow, HoursRow, SchoolBreakRow, TermRow
from core.services.workbook.references import closed_room
from core.services.workbook.store.shelf import Names, Shelf, Values


def _hours(names: Names, row: HoursRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "weekday": row.weekday,
        "opens": row.opens,
        "closes": row.closes,
    }


def _closure(names: Names, row: ClosureRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "first": row.first,
        "last": row.last,
        "from_time": row.from_time,
        "venue_id": names.named_id("venues", row.venue),
        "room_id": names.named_id("rooms", closed_room(row)),
        "reason": row.reason,
    }


def _term(names: Names, row: TermRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "name": row.name,
        "kind": row.kind,
        "first": row.first,
        "last": row.last,
    }


def _school_break(names: Names, row: SchoolBreakRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "school_id": names.named_id("venues", row.school),
        "name": row.name,
        "first": row.first,
        "last": row.last,
    }


CALENDAR = (
    Shelf("hours", StationHours, ("station_id", "weekday", "opens", "closes"), _hours, whole_of="station_id"),
    Shelf(
        "closures",
        Closure,
        ("station_id", "first", "last", "from_time", "venue_id", "room_id"),
        _closure,
        dated=True,
    ),
    Shelf("terms", Term, ("station_id", "name"), _term, name=str),
    Shelf("school_breaks", SchoolBreak, ("station_id", "school_id", "name"), _school_break),
)
