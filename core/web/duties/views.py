"""Views of a volunteer's own duties."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.queries import subscriptions as feed_queries
from core.db.queries import week as queries
from core.extensions import actor, db, wiring
from core.services import subscriptions as service
from core.web.feeds.views import chosen, offers, shown_once
from core.web.feeds.ways import NewAddress

duties = Blueprint("duties", __name__, url_prefix="/duties")


@duties.get("/")
def mine() -> str:
    """Show the reader's coming duties."""
    return _page()


@duties.post("/subscribe")
def subscribe() -> str:
    """Make a new secret address of the reader's own calendar, which ends the one before, and show it this one time."""
    return _page(made=shown_once(service.renew_own(db.session, actor(), wiring().clock, chosen())))


@duties.post("/unsubscribe")
def unsubscribe() -> Response:
    """End the secret addresses of the reader's own calendar."""
    service.end_own(db.session, actor(), wiring().clock)
    flash(_("The address is revoked. Calendars that used it get nothing new."), "success")
    return redirect(url_for("duties.mine"))


def _page(made: NewAddress | None = None) -> str:
    subject = service.own_address(actor()).subject
    coming = db.session.scalars(queries.duties(actor().volunteer_id, wiring().wall_clock())).all()
    tokens = db.session.scalars(feed_queries.live_tokens_of(subject)).all()
    return render_template("duties/mine.html", coming=coming, tokens=tokens, made=made, **offers())
