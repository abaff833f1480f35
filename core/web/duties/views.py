"""Views of a volunteer's own duties."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.extensions import actor, db, wiring
from core.services import subscriptions as service
from core.web.duties.shown import Page, own_page
from core.web.feeds.views import chosen, shown_once

duties = Blueprint("duties", __name__, url_prefix="/duties")


@duties.get("/")
def mine() -> Page:
    """Show what the reader is asked, and their coming duties."""
    return own_page()


@duties.post("/subscribe")
def subscribe() -> Page:
    """Make a new secret address of the reader's own calendar, which ends the one before, and show it this one time."""
    token = service.renew_own(db.session, actor(), wiring().clock, chosen())
    return own_page(made=shown_once(url_for("feeds.calendar", token=token)))


@duties.post("/unsubscribe")
def unsubscribe() -> Response:
    """End the secret addresses of the reader's own calendar."""
    service.end_own(db.session, actor(), wiring().clock)
    flash(_("The address is revoked. Calendars that used it get nothing new."), "success")
    return redirect(url_for("duties.mine"))
