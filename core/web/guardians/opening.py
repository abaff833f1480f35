"""The way into a guardian's pages: a code opens them for half an hour in one browser, for one address alone."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from core.extensions import db, wiring
from core.services import guardian_links as links
from core.services.guardian_links import Visit

guardians = Blueprint("guardians", __name__, url_prefix="/guardians/by-link")
OPEN_FOR: Final = timedelta(minutes=30)
LIMIT: Final = "60 per minute; 600 per hour"
#: The fields of a list of wishes, which isn't lost while the code is entered once more.
CARRIED: Final = frozenset({"term", "ranked", "friend", "most", "seen"})
_KEY: Final = "guardian"
Page = str | BaseResponse | tuple[str, int]


def open_up(link_id: UUID) -> None:
    """Open the pages of an address in this browser, whose code was right."""
    session[_KEY] = [link_id.hex, (wiring().clock.now() + OPEN_FOR).isoformat()]


def is_open(link_id: UUID) -> bool:
    """Tell whether the code of an address was entered in this browser not long ago."""
    opened = session.get(_KEY)
    if opened is None:
        return False
    return bool(opened[0] == link_id.hex and wiring().clock.now() < datetime.fromisoformat(opened[1]))


def opened(token: str) -> Visit | None:
    """Return whose address it is, None until the code was entered in this browser."""
    found = links.visit(db.session, wiring().clock, token)
    return found if is_open(found.link.id) else None


def to_the_code(token: str) -> BaseResponse:
    """Lead to where the code is asked for."""
    return redirect(url_for("guardians.page", token=token))


def ask_for_code(token: str, *, wrong: bool = False, carried: MultiDict[str, str] | None = None) -> str:
    """Ask for the code; `carried` is a form that came too late and goes on once the code was entered."""
    kept = [(name, text) for name, text in (carried or MultiDict()).items(multi=True) if name in CARRIED]
    return render_template("guardians/code.html", token=token, wrong=wrong, carried=kept)
