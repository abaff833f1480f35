"""libical 3, the parser of Thunderbird, Evolution and KDE, by way of ctypes; `libical()` is None where it isn't."""

import ctypes
from ctypes.util import find_library
from datetime import UTC, datetime
from typing import Any

#: Values of `icalcomponent_kind` and `icalproperty_kind` are looked up by name, as they differ between versions.
_STRINGS = ("get_uid", "get_summary", "get_description", "get_location")


class _Time(ctypes.Structure):
    """`struct icaltimetype` of version 3."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "daylight")),
        ("zone", ctypes.c_void_p),
    )


class _Duration(ctypes.Structure):
    """`struct icaldurationtype`."""

    _fields_ = (
        ("is_neg", ctypes.c_int),
        *((name, ctypes.c_uint) for name in ("days", "weeks", "hours", "minutes", "seconds")),
    )


class _Trigger(ctypes.Structure):
    """`struct icaltriggertype`."""

    _fields_ = (("time", _Time), ("duration", _Duration))


def libical() -> ctypes.CDLL | None:
    """Return the library with its functions declared."""
    name = find_library("ical")
    if name is None:
        return None
    lib = ctypes.CDLL(name)
    pointer = ctypes.c_void_p
    for function in (
        "icalparser_parse_string",
        "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
    ):
        getattr(lib, function).restype = pointer
    lib.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for function in ("icalcomponent_get_first_component", "icalcomponent_get_next_component"):
        getattr(lib, function).argtypes = [pointer, ctypes.c_int]
    for function in _STRINGS:
        getattr(lib, f"icalcomponent_{function}").restype = ctypes.c_char_p
        getattr(lib, f"icalcomponent_{function}").argtypes = [pointer]
    for function in ("get_sequence", "get_status", "count_errors"):
        getattr(lib, f"icalcomponent_{function}").argtypes = [pointer]
    lib.icalrestriction_check.argtypes = [pointer]
    for function in ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"):
        getattr(lib, function).restype = _Time
        getattr(lib, function).argtypes = [pointer]
    lib.icaltime_as_timet_with_zone.restype = ctypes.c_long
    lib.icaltime_as_timet_with_zone.argtypes = [_Time, pointer]
    lib.icalproperty_status_to_string.restype = ctypes.c_char_p
    lib.icalcomponent_string_to_kind.argtypes = [ctypes.c_char_p]
    lib.icalproperty_string_to_kind.argtypes = [ctypes.c_char_p]
    lib.icalcomponent_get_first_property.restype = pointer
    lib.icalcomponent_get_first_property.argtypes = [pointer, ctypes.c_int]
    lib.icalproperty_get_trigger.restype = _Trigger
    lib.icalproperty_get_trigger.argtypes = [pointer]
    lib.icaldurationtype_as_int.argtypes = [_Duration]
    return lib


def read(lib: ctypes.CDLL, content: bytes) -> tuple[list[dict[str, Any]], int]:
    """Return what a calendar program would take from a calendar, and of how many errors the library speaks."""
    calendar = lib.icalparser_parse_string(content)
    events = [_event(lib, event) for event in _components(lib, calendar, b"VEVENT")]
    # The check itself notes what it finds in the calendar as errors.
    lib.icalrestriction_check(calendar)
    return events, lib.icalcomponent_count_errors(calendar)


def _components(lib: ctypes.CDLL, parent: int, name: bytes) -> list[int]:
    kind, found = lib.icalcomponent_string_to_kind(name), []
    component = lib.icalcomponent_get_first_component(parent, kind)
    while component:
        found.append(component)
        component = lib.icalcomponent_get_next_component(parent, kind)
    return found


def _event(lib: ctypes.CDLL, event: int) -> dict[str, Any]:
    said = {name.removeprefix("get_"): getattr(lib, f"icalcomponent_{name}")(event) for name in _STRINGS}
    return {
        **{name: (text or b"").decode() for name, text in said.items()},
        "sequence": lib.icalcomponent_get_sequence(event),
        "status": lib.icalproperty_status_to_string(lib.icalcomponent_get_status(event)).decode(),
        "utc": _moment(lib, lib.icalcomponent_get_dtstart(event)),
        "until": _moment(lib, lib.icalcomponent_get_dtend(event)),
        "alarms": [_seconds(lib, alarm) for alarm in _components(lib, event, b"VALARM")],
    }


def _moment(lib: ctypes.CDLL, time: _Time) -> str:
    return datetime.fromtimestamp(lib.icaltime_as_timet_with_zone(time, time.zone), UTC).isoformat()


def _seconds(lib: ctypes.CDLL, alarm: int) -> int:
    trigger = lib.icalcomponent_get_first_property(alarm, lib.icalproperty_string_to_kind(b"TRIGGER"))
    seconds: int = lib.icaldurationtype_as_int(lib.icalproperty_get_trigger(trigger).duration)
    return seconds
