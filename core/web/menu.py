"""The site's menu and what else every page's frame shows."""

from typing import Any, Final

from flask import Flask, request, url_for

from core.domain.actor import Role
from core.domain.errors import Message
from core.extensions import signed_in, wiring
from core.hooks.types import MenuEntry
from core.security.permissions import allows
from core.web import languages
from core.web.text import role_name

_CORE_MENU: Final = (
    MenuEntry(Message("Start"), "home.overview"),
    MenuEntry(Message("My duties"), "duties.mine"),
    MenuEntry(Message("Timetable"), "timetable.current"),
    MenuEntry(Message("Activities"), "activities.listed"),
    MenuEntry(Message("Plans"), "plans.listed"),
    MenuEntry(Message("Children"), "children.listed"),
    MenuEntry(Message("Volunteers"), "volunteers.listed"),
    MenuEntry(Message("Registration desk"), "registration.desk"),
    MenuEntry(Message("Registration"), "registration.overview"),
    MenuEntry(Message("Who may take part"), "joining.ask"),
    MenuEntry(Message("Consents"), "consents.due"),
    MenuEntry(Message("Report"), "reports.page"),
    MenuEntry(Message("Programs"), "programs.listed"),
    MenuEntry(Message("Calendar"), "calendar.overview"),
    MenuEntry(Message("Subscriptions"), "feeds.listed"),
    MenuEntry(Message("My grants"), "grants.mine"),
    MenuEntry(Message("Grants"), "grants.desk"),
    MenuEntry(Message("Sealed files"), "sealing.listed"),
    MenuEntry(Message("Register of reports"), "harm.register"),
    MenuEntry(Message("Audit log"), "audit.entries"),
    MenuEntry(Message("What goes next"), "retention.listed"),
    MenuEntry(Message("Yearly audit"), "compliance.page"),
    MenuEntry(Message("Accounts"), "accounts.listed"),
)


def add_menu(app: Flask) -> None:
    """Give the application's templates the frame's contents."""

    @app.context_processor
    def _frame() -> dict[str, Any]:
        found = signed_in()
        here = languages.current_language()
        entries = _entries() if found and not found.confined else []
        return {
            "visitor": found,
            "menu": entries,
            "current_entry": _current(entries),
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


def _entries() -> list[MenuEntry]:
    return [entry for entry in (*_CORE_MENU, *wiring().menu) if _may(entry.endpoint)]


def _current(entries: list[MenuEntry]) -> MenuEntry | None:
    """Return the entry of the page that is shown, else the first of the part that the page belongs to by its address.

    A part's pages may be several blueprints, all of them below the address of its entry.
    """
    parts = [entry for entry in entries if entry.endpoint.partition(".")[0] == request.blueprint]
    above = [entry for entry in entries if request.path.startswith(url_for(entry.endpoint).rstrip("/") + "/")]
    shown = next((entry for entry in parts if entry.endpoint == request.endpoint), None)
    return shown or next(iter((*parts, *above)), None)


def _may(endpoint: str) -> bool:
    """Tell whether the reader may call an endpoint."""
    found = signed_in()
    return allows(wiring().permissions, endpoint, found.actor.role if found else None)
