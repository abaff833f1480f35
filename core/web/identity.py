"""The browser's session, and the page to go on to."""

from typing import Final
from urllib.parse import urlsplit

from flask import session

from core.web.browser_sessions import BrowserSession

HOME: Final = "/"


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
