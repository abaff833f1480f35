"""Feeds as iCalendar bytes: RFC 5545 and RFC 7986, and the X- properties that clients read in their place."""

import unicodedata
from datetime import UTC, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vText

from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.zones import time_zone

_PRODUCT = "-//Weibao//Calendar feeds//ZH"
#: How large a place is for Apple's maps, in metres: about a building.
_RADIUS = "70"


def render(feed: Feed) -> bytes:
    """Return the feed as text/calendar in UTF-8: equal feeds give equal bytes, in whatever order the entries came.

    An entry's own lines depend on that entry and the alarm alone. Control characters, which RFC 5545 forbids, are
    left out.
    """
    calendar = _begun()
    _describe(calendar, feed)
    for zone in sorted({feed.timezone, *(entry.timezone for entry in feed.entries)}):
        calendar.add_component(time_zone(zone))
    for entry in sorted(feed.entries, key=lambda entry: (entry.starts_at, entry.uid)):
        calendar.add_component(event_of(entry, feed.alarm))
    content: bytes = calendar.to_ical()
    return content


def bare(timezone: str) -> Calendar:
    """Return a calendar without name or entries, which knows one time zone."""
    calendar = _begun()
    calendar.add_component(time_zone(timezone))
    return calendar


def _begun() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def tag_of(content: bytes) -> str:
    """Return a word of letters and digits that other content doesn't have."""
    return sha256(content).hexdigest()[:32]


def _describe(calendar: Calendar, feed: Feed) -> None:
    for key in ("name", "x-wr-calname"):
        calendar.add(key, _text(feed.name))
    if feed.description is not None:
        for key in ("description", "x-wr-caldesc"):
            calendar.add(key, _text(feed.description))
    if feed.url is not None:
        calendar.add("url", feed.url, parameters={"VALUE": "URI"})
    calendar.add("x-wr-timezone", _text(feed.timezone))
    interval = _duration(feed.refresh)
    calendar.add("refresh-interval", vText(interval), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(interval))


def event_of(entry: FeedEntry, alarm: timedelta | None) -> Event:
    """Return an entry as an event, with what reminds of it where `alarm` says how long before."""
    event = Event()
    zone = ZoneInfo(entry.timezone)
    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    cancelled = entry.status is EntryStatus.CANCELLED
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", entry.starts_at.replace(tzinfo=zone))
    event.add("dtend", entry.ends_at.replace(tzinfo=zone))
    event.add("summary", _text(entry.title))
    event.add("status", entry.status.upper())
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    if entry.location is not None:
        event.add("location", _text(entry.location))
    if entry.description:
        event.add("description", _text(entry.description))
    if entry.categories:
        event.add("categories", [_text(category) for category in entry.categories])
    if entry.url is not None:
        event.add("url", entry.url)
    if entry.color is not None:
        event.add("color", entry.color)
    _locate(event, entry)
    if alarm is not None and not cancelled:
        event.add_component(_alarm(entry, alarm))
    return event


def _locate(event: Event, entry: FeedEntry) -> None:
    """Say where it is for maps: GEO for all, and what Apple's calendars read in its place."""
    if entry.position is None:
        return
    event.add("geo", (entry.position.latitude, entry.position.longitude))
    parameters = {"VALUE": "URI", "X-APPLE-RADIUS": _RADIUS, "X-TITLE": parameter(entry.location or entry.title)}
    event.add("x-apple-structured-location", f"geo:{entry.position}", parameters=parameters)


def _alarm(entry: FeedEntry, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(entry.title))
    alarm.add("trigger", vText(f"-{_duration(before)}"))
    return alarm


def parameter(value: str) -> str:
    """Return the value as a parameter may have it: RFC 5545 has no way to write a quotation mark there."""
    return " ".join(str(_text(value)).replace('"', "'").split())


def _duration(interval: timedelta) -> str:
    """Return the interval in hours and minutes, never days: MIUI drops a file over a form it doesn't expect."""
    hours, minutes = divmod(interval // timedelta(minutes=1), 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")


class _Text(vText):
    """Text in which a backslash before an N stays what it is: icalendar 7.3 takes the two for a line break."""

    def to_ical(self) -> bytes:
        return b"\\\\N".join(vText(part).to_ical() for part in self.split("\\N"))


def _text(value: str) -> vText:
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _Text("".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}))
