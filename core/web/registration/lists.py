"""Views of who is registered for what, and of what terms and activities take."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.db.models import Activity, Term
from core.db.queries import activities as activity_queries
from core.db.queries import registration as queries
from core.domain.capabilities import Capability
from core.domain.errors import DomainError, Message, NotFoundError
from core.domain.registering import Way
from core.extensions import actor, db, wiring
from core.security.permissions import may
from core.services.desk import Desk
from core.services.registration.desk import find_registration, term_intake
from core.services.registration.ending import can_undo, cancel, undo
from core.services.registration.intakes import drop_intake, keep_intake, keep_term_intake, phase_of
from core.services.registration.lists import activity_list, numbers_of_term
from core.services.registration.offers import accept_offer, decline_offer, note_told, put_first
from core.services.timetable import current_term
from core.web.children.views import stations_in_reach
from core.web.registration.desk import Page, registration, the_desk
from core.web.registration.forms import intake_form, term_form
from core.web.text import say

_Deed = Callable[[Session, Desk, UUID], None]
#: What can be done with one registration on the list, and what the page then says.
_DEEDS: Final[Mapping[str, tuple[_Deed, Message]]] = MappingProxyType(
    {
        "cancel": (cancel, Message("The registration is cancelled. A free place goes to the next child at once.")),
        "accept": (accept_offer, Message("The child has the place.")),
        "decline": (decline_offer, Message("It is noted; the place goes to the next child.")),
        "undo": (undo, Message("It is again what it was.")),
        "told": (note_told, Message("It is noted that the family knows.")),
    }
)


@registration.get("/activities")
def overview() -> str:
    """Show the activities of a term in numbers, and who has to decide what."""
    terms = list(db.session.scalars(activity_queries.terms()))
    asked = next((term for term in terms if str(term.id) == request.args.get("term")), None)
    term = asked or current_term(terms, wiring().today(), actor().station_id)
    numbers = numbers_of_term(db.session, term.id) if term else ()
    known = {one.intake.activity_id for one in numbers}
    rows = db.session.scalars(activity_queries.activities_listed(term.id)).all() if term else []
    return render_template(
        "registration/overview.html",
        terms=terms,
        term=term,
        intake=term_intake(db.session, term.id) if term else None,
        phase=phase_of(db.session, term, wiring().wall_clock()) if term else None,
        numbers=numbers,
        others=[row for row in rows if row.id not in known],
        today=wiring().today(),
    )


@registration.get("/activities/<uuid:activity_id>")
def listed(activity_id: UUID) -> str:
    """Show who has a place, who waits and in which order, and what was offered to whom."""
    return _list_page(activity_id)


@registration.post("/<uuid:registration_id>/<deed>")
def change(registration_id: UUID, deed: str) -> Page:
    """Cancel, accept, decline, take back or note as told; put somebody first, with a reason."""
    activity_id = find_registration(db.session, registration_id).activity_id
    try:
        said = _done(registration_id, deed)
    except NotFoundError:
        raise
    except DomainError as error:
        return _list_page(activity_id, say(error.message)), 422
    flash(say(said), "success")
    return redirect(url_for("registration.listed", activity_id=activity_id))


def _done(registration_id: UUID, deed: str) -> Message:
    if deed == "first":
        put_first(db.session, the_desk(), registration_id, request.form.get("reason", ""))
        return Message("The child comes before the others now; the list shows it.")
    if deed not in _DEEDS:
        raise NotFoundError(Message("There is no such page."))
    do, said = _DEEDS[deed]
    do(db.session, the_desk(), registration_id)
    return said


@registration.route("/activities/<uuid:activity_id>/intake", methods=["GET", "POST"])
def intake(activity_id: UUID) -> Page:
    """Decide what an activity takes."""
    activity = db.session.get(Activity, activity_id)
    if activity is None:
        raise NotFoundError(Message("There is no such activity."))
    row = db.session.scalars(queries.intake_of(activity_id)).one_or_none()
    of_term = term_intake(db.session, activity.term_id)
    form = intake_form(row, activity.size, of_term.way if of_term else Way.FIRST_COME, stations_in_reach())
    title, term_id = activity.title, activity.term_id
    if form.validate_on_submit():
        try:
            keep_intake(db.session, the_desk(), activity_id, form.draft())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("It is saved. Free places are offered to those who wait."), "success")
            return redirect(url_for("registration.overview", term=term_id))
    page = render_template(
        "registration/intake.html",
        form=form,
        title=title,
        term_id=term_id,
        activity_id=activity_id,
        known=row is not None,
    )
    return page, 422 if form.errors else 200


@registration.post("/activities/<uuid:activity_id>/drop")
def drop(activity_id: UUID) -> Response:
    """Take no registrations for an activity any more, where nobody ever was registered."""
    drop_intake(db.session, the_desk(), activity_id)
    flash(_("It takes no registrations any more."), "success")
    return redirect(url_for("registration.overview"))


@registration.route("/terms/<uuid:term_id>", methods=["GET", "POST"])
def term(term_id: UUID) -> Page:
    """Decide when a term's places are given, and how."""
    found = db.session.scalars(select(Term).where(Term.id == term_id)).one_or_none()
    if found is None:
        raise NotFoundError(Message("There is no such term."))
    form = term_form(term_intake(db.session, term_id))
    if form.validate_on_submit():
        try:
            keep_term_intake(db.session, the_desk(), term_id, form.draft())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("The dates are saved."), "success")
            return redirect(url_for("registration.overview", term=term_id))
    return render_template("registration/term.html", form=form, term=found), 422 if form.errors else 200


def _list_page(activity_id: UUID, refusal: str = "") -> str:
    desk = the_desk()
    return render_template(
        "registration/listed.html",
        listed=activity_list(db.session, activity_id),
        can_undo=lambda row: can_undo(desk, row),
        may_waive=may(desk.actor.role, Capability.WAIVE_RULES),
        refusal=refusal,
    )
