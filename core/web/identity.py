"""Who is asking: the actor of the request, and the page that a new session is begun by."""

from typing import Final
from urllib.parse import urlsplit

from flask import g, session

from core.domain.actor import Actor
from core.services.web_sessions import SignedIn
from core.web.browser_sessions import BrowserSession

HOME: Final = "/"


def signed_in() -> SignedIn | None:
    """Return who is signed in, None for a visitor."""
    found: SignedIn | None = g.get("signed_in")
    return found


def actor() -> Actor:
    """Return who is signed in; for pages that the guard lets nobody else reach."""
    found = signed_in()
    if found is None:
        raise LookupError("Nobody is signed in, though the page is not declared as open to anyone.")
    return found.actor


def browser_session() -> BrowserSession:
    """Return the request's session with its means to sign in and out."""
    if not isinstance(session, BrowserSession):
        raise TypeError("The application was made without its sessions.")
    return session


def safe_target(target: str | None) -> str:
    """Return a path of this site to go on to; whatever leads elsewhere becomes the start page."""
    if not target or not target.isprintable() or not target.startswith("/") or target.startswith(("//", "/\\")):
        return HOME
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else HOME
