"""Views of calendar subscriptions."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.db.queries import subscriptions as queries
from core.domain.capabilities import Capability
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, limiter, wiring
from core.security.permissions import may
from core.services import subscriptions as service
from core.services.feeds import ALARMS, Choices, revoke_feed
from core.services.unseen import SOON, note_call, to_call
from core.services.unseen_families import families_to_call, note_family_call
from core.web.feeds.ways import NewAddress, device_of
from core.web.languages import CHINESE, NAMES, current_language
from core.web.text import say

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")


@feeds.get("/<token>.ics")
@limiter.limit("120 per minute; 2000 per hour")
def calendar(token: str) -> Response:  # noqa: ARG001 (its address is made by name)
    """Answer with nothing: the feeds that there are have been answered at the door, before the pages."""
    raise NotFoundError(Message("This feed address doesn't exist."))


@feeds.get("/")
def listed() -> str:
    """List the secret addresses that answer, and offer new ones."""
    return _page()


@feeds.post("/open")
def open_address() -> str:
    """Make a secret address and show it this one time."""
    app = wiring()
    wanted = request.form.get("subject", "")
    subject, token = service.hand_out(db.session, actor(), app.clock, wanted, _offered(), chosen())
    return _page(made=shown_once(url_for("feeds.calendar", token=token), subject.name))


@feeds.get("/unseen")
def unseen() -> str:
    """List whom to call: volunteers and families whose calendar hasn't been told of a change of the next two days."""
    app = wiring()
    return render_template(
        "feeds/unseen.html",
        people=to_call(db.session, app.wall_clock()),
        families=families_to_call(db.session, actor(), app.clock, app.wall_clock()),
        children=may(actor().role, Capability.SEE_CHILDREN),
        phones=may(actor().role, Capability.KEEP_VOLUNTEERS),
        hours=SOON // timedelta(hours=1),
    )


@feeds.post("/unseen/<uuid:volunteer_id>")
def called(volunteer_id: UUID) -> BaseResponse:
    """Note that somebody has called a volunteer."""
    app = wiring()
    note_call(db.session, actor(), app.clock, volunteer_id, app.wall_clock())
    flash(_("The call is noted."), "success")
    return redirect(url_for("feeds.unseen"))


@feeds.post("/unseen/families/<uuid:child_id>")
def family_called(child_id: UUID) -> BaseResponse:
    """Note that somebody has called a family."""
    app = wiring()
    note_family_call(db.session, actor(), app.clock, child_id, app.wall_clock())
    flash(_("The call is noted."), "success")
    return redirect(url_for("feeds.unseen"))


@feeds.post("/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> BaseResponse:
    """End a secret address."""
    revoke_feed(db.session, actor(), wiring().clock, token_id)
    flash(_("The address is revoked. Calendars that used it get nothing new."), "success")
    return redirect(url_for("feeds.listed"))


def chosen() -> Choices:
    """Return what the form chose for the subscriber; raise InvalidInputError for what it doesn't offer."""
    alarm = request.form.get("alarm", "")
    if alarm and not alarm.isdecimal():
        raise InvalidInputError(Message("Choose a language and a reminder from the list."))
    return Choices(request.form.get("language", CHINESE), int(alarm) if alarm else None)


def shown_once(path: str, of: str = "") -> NewAddress:
    """Return a secret address that was just made, by its path, as the page shows it; `of` names the calendar."""
    address = f"{wiring().settings.base_url}{path}"
    return NewAddress(address, device_of(request.headers.get("User-Agent", "")), of)


def offers() -> dict[str, object]:
    """Return what templates need to offer a subscriber's choices."""
    return {"alarms": ALARMS, "languages": NAMES.items(), "language": current_language()}


def _offered() -> list[service.Subject]:
    programs = wiring().hooks.programs
    return service.subjects(db.session, {key: say(program.name) for key, program in programs.items()})


def _page(made: NewAddress | None = None) -> str:
    offered = _offered()
    names = {(one.address.kind, one.address.subject): one.name for one in offered}
    tokens = db.session.scalars(queries.live_tokens()).all()
    return render_template("feeds/listed.html", offered=offered, names=names, tokens=tokens, made=made, **offers())
