"""Views of pins."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.queries.planning import plans_of
from core.extensions import actor, db, wiring
from core.services.assignable import NotAssignableError
from core.services.planning.pins import newest_placing, pin_session, term_of, unpin_session
from core.web.pins.forms import PinForm

Page = str | Response | tuple[str, int]
pins = Blueprint("pins", __name__, url_prefix="/pins")


@pins.route("/new/<uuid:session_id>", methods=["GET", "POST"])
def new(session_id: UUID) -> Page:
    """Pin a session where the newest plan holds it."""
    placed, form = newest_placing(db.session, session_id), PinForm()
    if form.validate_on_submit():
        try:
            pin_session(
                db.session,
                actor(),
                wiring().clock,
                session_id,
                today=wiring().today(),
                reason=form.reason.data or "",
                with_staff=form.with_staff.data,
            )
        except NotAssignableError as error:
            form.refuse(error, form.with_staff)
        else:
            flash(_("It is pinned: every further plan holds it there."), "success")
            return _newest_plan(term_of(db.session, session_id))
    page = render_template("pins/new.html", form=form, placed=placed)
    return page, 422 if form.errors else 200


@pins.post("/<uuid:pin_id>/remove")
def remove(pin_id: UUID) -> Response:
    """Take a pin back."""
    term_id = unpin_session(db.session, actor(), wiring().clock, pin_id)
    flash(_("The pin is taken back: the next plan may move the session."), "success")
    return _newest_plan(term_id)


def _newest_plan(term_id: UUID) -> Response:
    """Go on to the term's newest plan, where the pins are listed."""
    plan = db.session.scalars(plans_of(term_id)).first()
    return redirect(url_for("plans.page", plan_id=plan.id) if plan else url_for("plans.listed"))
