"""Time zones as calendars name them: by IANA's names, with a prefix, by Windows' names, or by rules of their own."""

from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

#: A time zone's own rules are read up to so many lines.
_MOST_LINES: Final = 500
_LONGEST_NAME: Final = 200


def zone_named(name: str, own: Mapping[str, list[str]]) -> tzinfo | None:
    """Return the time zone of a calendar's TZID, None if nobody knows it.

    A known name goes before the calendar's own definition of it, which is often older. `own` holds the lines of those.
    """
    if len(name) > _LONGEST_NAME:
        return None
    return _known(name) or _defined(name, own)


@lru_cache(maxsize=256)
def _known(name: str) -> tzinfo | None:
    parts = name.strip().strip('"').split("/")
    # "/freeassociation.sourceforge.net/Europe/Berlin" names a zone with its maker before it.
    tried = [WINDOWS_TO_OLSON.get(parts[-1], ""), *("/".join(parts[at:]) for at in range(len(parts)))]
    for one in tried:
        if one:
            try:
                return ZoneInfo(one)
            except (ValueError, OSError, KeyError):
                continue
    return None


def _defined(name: str, own: Mapping[str, list[str]]) -> tzinfo | None:
    lines = own.get(name)
    if lines is None or len(lines) > _MOST_LINES:
        return None
    try:
        zone = Timezone.from_ical("\r\n".join(lines))
        return zone.to_tz(lookup_tzid=False) if isinstance(zone, Timezone) else None
    except Exception:  # noqa: BLE001 (a library reads what anybody may have written)
        return None
