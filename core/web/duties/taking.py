"""What a volunteer who has signed in does with duties: answers, offers and takes swaps, takes open places, gives up."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import DutySwap, Volunteer
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.replies import SwapState
from core.extensions import actor, db
from core.services.desk import Desk
from core.services.replies.answering import give_up
from core.services.replies.signing_up import open_places, sign_up
from core.services.replies.swapping import offer, take, withdraw_offer
from core.web.duties.shown import Page, own, own_page
from core.web.replying.answers import desk_of, take_answer, take_unchanged
from core.web.text import say

taking = Blueprint("taking", __name__, url_prefix="/duties")


def own_desk() -> Desk:
    """Return the desk of whoever is signed in."""
    return desk_of(actor())


@taking.post("/requests/<uuid:question_id>")
def answer(question_id: UUID) -> Page:
    """Take an answer to a request."""
    return _done(lambda desk, person: take_answer(desk, question_id, person))


@taking.post("/unchanged")
def unchanged() -> Response:
    """Note that somebody's times are as before."""
    take_unchanged(own())
    return _back()


@taking.post("/<uuid:session_id>/offer")
def offer_duty(session_id: UUID) -> Page:
    """Offer a duty to others."""
    done = _("Your duty is offered to everybody who may take it. It stays yours until somebody has taken it.")
    return _done(lambda desk, person: offer(db.session, desk, session_id, person.id), done)


@taking.post("/<uuid:session_id>/give-up")
def cancel(session_id: UUID) -> Page:
    """Give a duty up."""
    reason = request.form.get("reason", "")
    done = _("Noted. The station knows and looks for somebody else.")
    return _done(lambda desk, person: give_up(db.session, desk, session_id, person.id, reason=reason), done)


@taking.post("/swaps/<uuid:swap_id>")
def swap(swap_id: UUID) -> Page:
    """Take a duty that somebody offers, or one's own offer back."""
    if request.form.get("deed") == "withdraw":
        done = _("The offer is withdrawn: you serve.")
        return _done(lambda desk, person: withdraw_offer(db.session, desk, swap_id, person.id), done)
    return _done(lambda desk, person: _taken(take(db.session, desk, swap_id, person.id)))


@taking.get("/open")
def places() -> str:
    """Show the places that somebody may take by themselves."""
    volunteer = own()
    return render_template("duties/open.html", places=open_places(db.session, own_desk(), volunteer), refusal="")


@taking.post("/open/<uuid:session_id>")
def join(session_id: UUID) -> Page:
    """Take an open place."""
    volunteer, desk = own(), own_desk()
    try:
        sign_up(db.session, desk, session_id, request.form.get("role", ""), volunteer.id)
    except ConflictError as error:
        shown = open_places(db.session, desk, volunteer)
        return render_template("duties/open.html", places=shown, refusal=say(error.message)), 409
    flash(_("You serve. Thank you! It is in your calendar."), "success")
    return _back()


def _taken(swap: DutySwap) -> None:
    done = _("The duty is yours. Thank you!")
    waits = _("Thank you! The organizer has to approve it first.")
    flash(done if swap.state is SwapState.DONE else waits, "success")


def _done(deed: Callable[[Desk, Volunteer], object], done: str = "") -> Page:
    try:
        deed(own_desk(), own())
    except (ConflictError, InvalidInputError) as error:
        return own_page(refusal=error)
    if done:
        flash(done, "success")
    return _back()


def _back() -> Response:
    return redirect(url_for("duties.mine"))
