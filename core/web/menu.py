"""The site's menu and what else every page's frame shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, request, url_for

from core.domain.actor import Role
from core.domain.errors import Message
from core.extensions import signed_in, wiring
from core.hooks.types import MenuEntry, MenuSection
from core.security.permissions import allows
from core.web import languages
from core.web.text import role_name

_SECTIONS: Final[Mapping[MenuSection, Message]] = {
    MenuSection.START: Message("Start"),
    MenuSection.ACTIVITIES: Message("Activities"),
    MenuSection.CHILDREN: Message("Children"),
    MenuSection.VOLUNTEERS: Message("Volunteers"),
    MenuSection.PROGRAMS: Message("Programs"),
    MenuSection.PROTECTION: Message("Data protection"),
    MenuSection.STATION: Message("Station"),
}

_CORE_MENU: Final = (
    MenuEntry(Message("Start"), "home.overview", MenuSection.START),
    MenuEntry(Message("My duties"), "duties.mine", MenuSection.START),
    MenuEntry(Message("When I can"), "availability.mine", MenuSection.START),
    MenuEntry(Message("My hours"), "hours.mine", MenuSection.START),
    MenuEntry(Message("Timetable"), "timetable.current", MenuSection.ACTIVITIES),
    MenuEntry(Message("All activities"), "activities.listed", MenuSection.ACTIVITIES),
    MenuEntry(Message("Plans"), "plans.listed", MenuSection.ACTIVITIES),
    MenuEntry(Message("Registration"), "registration.overview", MenuSection.ACTIVITIES),
    MenuEntry(Message("Subscriptions"), "feeds.listed", MenuSection.ACTIVITIES),
    MenuEntry(Message("Hasn't seen the change"), "feeds.unseen", MenuSection.ACTIVITIES),
    MenuEntry(Message("Children's files"), "children.listed", MenuSection.CHILDREN),
    MenuEntry(Message("Registration desk"), "registration.desk", MenuSection.CHILDREN),
    MenuEntry(Message("Who may take part"), "joining.ask", MenuSection.CHILDREN),
    MenuEntry(Message("Consents"), "consents.due", MenuSection.CHILDREN),
    MenuEntry(Message("Sealed files"), "sealing.listed", MenuSection.CHILDREN),
    MenuEntry(Message("My grants"), "grants.mine", MenuSection.CHILDREN),
    MenuEntry(Message("Volunteers"), "volunteers.listed", MenuSection.VOLUNTEERS),
    MenuEntry(Message("Requests and swaps"), "asking.listed", MenuSection.VOLUNTEERS),
    MenuEntry(Message("Campaigns"), "campaigns.listed", MenuSection.VOLUNTEERS),
    MenuEntry(Message("Hours of service"), "hours.listed", MenuSection.VOLUNTEERS),
    MenuEntry(Message("Notices"), "notices.listed", MenuSection.VOLUNTEERS),
    MenuEntry(Message("Guardians' requests"), "requests.listed", MenuSection.PROTECTION),
    MenuEntry(Message("Grants"), "grants.desk", MenuSection.PROTECTION),
    MenuEntry(Message("Register of reports"), "harm.register", MenuSection.PROTECTION),
    MenuEntry(Message("Consent texts"), "consent_texts.listed", MenuSection.PROTECTION),
    MenuEntry(Message("What goes next"), "retention.listed", MenuSection.PROTECTION),
    MenuEntry(Message("Yearly audit"), "compliance.page", MenuSection.PROTECTION),
    MenuEntry(Message("Register of incidents"), "incidents.listed", MenuSection.PROTECTION),
    MenuEntry(Message("Audit log"), "audit.entries", MenuSection.PROTECTION),
    MenuEntry(Message("Report"), "reports.page", MenuSection.STATION),
    MenuEntry(Message("Calendar"), "calendar.overview", MenuSection.STATION),
    MenuEntry(Message("Shared rooms"), "shared_rooms.listed", MenuSection.STATION),
    MenuEntry(Message("Programs"), "programs.listed", MenuSection.PROGRAMS),
    MenuEntry(Message("Accounts"), "accounts.listed", MenuSection.STATION),
)


@dataclass(frozen=True)
class MenuPart:
    """A section of the menu as one reader has it: its name and the pages that they may call."""

    label: Message
    entries: tuple[MenuEntry, ...]


def add_menu(app: Flask) -> None:
    """Give the application's templates the frame's contents."""

    @app.context_processor
    def _frame() -> dict[str, Any]:
        found = signed_in()
        here = languages.current_language()
        parts = _parts() if found and not found.confined else []
        current = _current([entry for part in parts for entry in part.entries])
        return {
            "visitor": found,
            "menu": parts,
            "current_entry": current,
            "current_part": next((part for part in parts if current in part.entries), None),
            "lang": languages.TAGS[here],
            "other_languages": [
                (code, languages.TAGS[code], name) for code, name in languages.NAMES.items() if code != here
            ],
            "may": _may,
            "role_name": role_name,
            "here": request.full_path.rstrip("?"),
        }


def first_page(role: Role) -> str:
    """Return the endpoint that concerns a role first: the first one of the menu that it may call."""
    permissions = wiring().permissions
    return next(entry.endpoint for entry in _CORE_MENU if allows(permissions, entry.endpoint, role))


def _parts() -> list[MenuPart]:
    """Return the sections in which the reader may call a page; one of a single page goes by the page's own name."""
    entries = [entry for entry in (*_CORE_MENU, *wiring().menu) if _may(entry.endpoint)]
    parts = []
    for section, name in _SECTIONS.items():
        inside = tuple(entry for entry in entries if entry.section is section)
        if inside:
            parts.append(MenuPart(name if len(inside) > 1 else inside[0].label, inside))
    return parts


def _current(entries: list[MenuEntry]) -> MenuEntry | None:
    """Return the entry of the page that is shown, else the nearest of the part that the page belongs to by its address.

    A part's pages may be several blueprints, all of them below the address of its entry.
    """
    parts = [entry for entry in entries if entry.endpoint.partition(".")[0] == request.blueprint]
    above = [entry for entry in entries if request.path.startswith(url_for(entry.endpoint).rstrip("/") + "/")]
    above.sort(key=lambda entry: len(url_for(entry.endpoint)), reverse=True)
    shown = next((entry for entry in parts if entry.endpoint == request.endpoint), None)
    return shown or next(iter((*(entry for entry in above if entry in parts), *parts, *above)), None)


def _may(endpoint: str) -> bool:
    """Tell whether the reader may call an endpoint."""
    found = signed_in()
    return allows(wiring().permissions, endpoint, found.actor.role if found else None)
