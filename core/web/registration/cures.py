"""The ways to where an obstacle is put right, from the desk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask import url_for

from core.domain.errors import Message
from core.extensions import db
from core.hooks.joining import CuredOn, Obstacle
from core.services.registration.grounds import Grounds, grounds
from core.services.registration.prospects import Prospect


@dataclass(frozen=True)
class Page:
    """A page on which something is put right, of what it is, and what the way there is called without a cure."""

    endpoint: str
    of: tuple[str, ...]
    label: Message


_EDIT: Final = Page("children.edit", ("child_id",), Message("Compare the file."))
_PAGES: Final[Mapping[CuredOn, tuple[Page, ...]]] = MappingProxyType(
    {
        CuredOn.CONSENTS: (Page("consents.of_child", ("child_id",), Message("See the consents.")),),
        CuredOn.FILE: (Page("children.page", ("child_id",), _EDIT.label),),
        CuredOn.DETAILS: (_EDIT,),
        CuredOn.MOVING: (
            Page("child_turns.move", ("child_id",), Message("If the child has moved, move its file.")),
            Page("children.edit", ("child_id",), Message("Compare the address.")),
        ),
        CuredOn.REQUESTS: (Page("requests.listed", (), Message("See the requests.")),),
        CuredOn.WISHES: (Page("wishes.of_child", ("term_id", "child_id"), Message("Enter wishes")),),
        CuredOn.TERM: (Page("registration.term", ("term_id",), Message("Decide dates")),),
        CuredOn.TIMETABLE: (Page("plans.listed", (), Message("Plans")),),
    }
)
_MOST: Final = 3


@dataclass(frozen=True)
class Way:
    """A way to where something is put right; without words of its own it is called what the cure is."""

    endpoint: str
    address: str
    label: Message | None = None


@dataclass(frozen=True)
class Ways:
    """What decides where the ways of a child's obstacles lead; `open` are the activities that it can join now."""

    child_id: UUID
    term_id: UUID
    grounds: Grounds = field(default_factory=Grounds)
    open: tuple[Prospect, ...] = ()

    def of(self, obstacle: Obstacle, prospect: Prospect) -> tuple[Way, ...]:
        """Return the ways to where an obstacle to an activity is put right, none where there is no such place."""
        match obstacle.cured_on:
            case None:
                return ()
            case CuredOn.OTHERS:
                return tuple(self._others(prospect))
            case CuredOn.REGISTRATIONS:
                return tuple(self._registrations(obstacle, prospect))
            case CuredOn.ATTENDANCE:
                return tuple(self._sheets(obstacle))
            case where:
                return tuple(self._pages(obstacle, _PAGES[where]))

    def _pages(self, obstacle: Obstacle, pages: tuple[Page, ...]) -> Iterator[Way]:
        known: dict[str, Any] = {"child_id": self.child_id, "term_id": self.term_id}
        for page in pages:
            address = url_for(page.endpoint, **{name: known[name] for name in page.of})
            yield Way(page.endpoint, address, page.label if obstacle.cure is None else None)

    def _others(self, prospect: Prospect) -> Iterator[Way]:
        """Yield the ways to the boxes of other activities of the kind, on the same page."""
        alike = (one for one in self.open if one.kind == prospect.kind and one.free and one.times)
        for one in sorted(alike, key=lambda other: other.times[0].starts_at)[:_MOST]:
            values = {"title": one.title, "when": one.times[0].starts_at}
            label = Message("Instead “%(title)s”, next on %(when)s", values)
            yield Way("registration.desk", f"#{self.child_id}:{one.activity_id}", label)

    def _registrations(self, obstacle: Obstacle, prospect: Prospect) -> Iterator[Way]:
        for activity, title in self._named(obstacle):
            if (key := self.grounds.registrations.get(activity)) is not None:
                address = url_for("registration.leave", registration_id=key, into=prospect.activity_id)
                yield Way("registration.leave", address, Message("Move or cancel “%(title)s”", {"title": title}))
            else:
                # It comes with one of the child's groups, which the file names.
                label = Message("See the groups for “%(title)s”", {"title": title})
                yield Way("children.page", url_for("children.page", child_id=self.child_id), label)

    def _sheets(self, obstacle: Obstacle) -> Iterator[Way]:
        for activity, title in self._named(obstacle):
            for sheet in self.grounds.sheets.get(activity, ())[:_MOST]:
                values = {"title": title, "when": sheet.starts_at}
                label = Message("Attendance of “%(title)s” on %(when)s", values)
                yield Way("attendance.sheet", url_for("attendance.sheet", session_id=sheet.session_id), label)

    def _named(self, obstacle: Obstacle) -> list[tuple[UUID, str]]:
        named = [(key, title) for key, title in self.grounds.titles.items() if str(key) in obstacle.about]
        return sorted(named, key=lambda one: one[1])


def ways(child_id: UUID, term_id: UUID, standing: Sequence[Prospect], can_join: tuple[Prospect, ...]) -> Ways:
    """Return the ways for what stands between a child and activities, with those that it can join instead."""
    obstacles = [obstacle for one in standing for obstacle in one.obstacles]
    return Ways(child_id, term_id, grounds(db.session, child_id, obstacles), can_join)
