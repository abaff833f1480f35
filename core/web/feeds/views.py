"""Views of calendar subscriptions."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.http import http_date
from werkzeug.wrappers import Response as BaseResponse

from core.db.queries import subscriptions as queries
from core.domain.actor import EVERYTHING
from core.extensions import actor, db, limiter, wiring
from core.feeds.ics import etag, render
from core.services import subscriptions as service
from core.services.feeds import revoke_feed
from core.web.text import say

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")


@feeds.get("/<token>.ics")
@limiter.limit("120 per minute; 2000 per hour")
def calendar(token: str) -> Response:
    """Answer a calendar program with the feed of a secret address, or with 304 when it has the newest already."""
    app = wiring()
    fetched = service.fetch_feed(db.session, app.clock, app.hooks, token)
    content = render(fetched.feed)
    if fetched.unnoted:
        with app.database.writing(EVERYTHING) as session:
            service.note_fetch(session, app.clock, fetched.token_id)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["ETag"] = etag(content)
    answer.headers["Last-Modified"] = http_date(fetched.changed_at)
    answer.headers["Content-Disposition"] = 'inline; filename="weibao.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@feeds.get("/")
def listed() -> str:
    """List the secret addresses that answer, and offer new ones."""
    return _page()


@feeds.post("/open")
def open_address() -> str:
    """Make a secret address and show it this one time."""
    app = wiring()
    wanted = request.form.get("subject", "")
    subject, token = service.hand_out(db.session, actor(), app.clock, wanted, _offered())
    return _page(made=address_of(token), made_for=subject.name)


@feeds.post("/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> BaseResponse:
    """End a secret address."""
    revoke_feed(db.session, actor(), wiring().clock, token_id)
    flash(_("The address is revoked. Calendars that used it get nothing new."), "success")
    return redirect(url_for("feeds.listed"))


def address_of(token: str) -> str:
    """Return the full address of a feed."""
    return f"{wiring().settings.base_url}{url_for('feeds.calendar', token=token)}"


def _offered() -> list[service.Subject]:
    programs = wiring().hooks.programs
    return service.subjects(db.session, {key: say(program.name) for key, program in programs.items()})


def _page(made: str | None = None, made_for: str = "") -> str:
    offered = _offered()
    names = {(one.address.kind, one.address.subject): one.name for one in offered}
    tokens = db.session.scalars(queries.live_tokens()).all()
    return render_template(
        "feeds/listed.html", offered=offered, names=names, tokens=tokens, made=made, made_for=made_for
    )
