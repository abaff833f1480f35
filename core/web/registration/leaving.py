"""Views of leaving an activity: cancelling a registration, or moving the child to another activity in one step."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.db.models import Activity, Child
from core.domain.errors import DomainError, Message, NotFoundError
from core.domain.ids import new_id
from core.extensions import db
from core.services.registration.desk import find_registration
from core.services.registration.ending import cancel
from core.services.registration.moving import move, where_to
from core.web.registration import words
from core.web.registration.desk import Page, key_of, registration, the_desk
from core.web.text import say


@registration.route("/<uuid:registration_id>/leave", methods=["GET", "POST"])
def leave(registration_id: UUID) -> Page:
    """Cancel a registration, or move its child into another activity; a form that comes twice moves once."""
    if request.method == "GET":
        return _page(registration_id)
    row = find_registration(db.session, registration_id)
    child_id, term_id = row.child_id, db.session.get_one(Activity, row.activity_id).term_id
    try:
        receipt = _done(registration_id)
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(registration_id, say(error.message)), 422
    if receipt is not None:
        return redirect(url_for("registration.slip", receipt_id=receipt))
    flash(_("The registration is cancelled. A free place goes to the next child at once."), "success")
    return redirect(url_for("registration.desk", child=child_id, term=term_id))


def _done(registration_id: UUID) -> UUID | None:
    """Do what was asked, and return the receipt of a move."""
    if request.form.get("deed") == "cancel":
        cancel(db.session, the_desk(), registration_id)
        return None
    into = key_of(request.form.get("into", ""))
    if into is None:
        raise NotFoundError(Message("There is no such activity."))
    request_id = key_of(request.form.get("request", "")) or new_id()
    move(db.session, the_desk(), request_id, registration_id, into)
    return request_id


def _page(registration_id: UUID, refusal: str = "") -> str:
    offered = where_to(db.session, the_desk(), registration_id)
    row = find_registration(db.session, registration_id)
    return render_template(
        "registration/leave.html",
        row=row,
        activity=db.session.get_one(Activity, row.activity_id),
        child=db.session.get_one(Child, row.child_id),
        offered=offered,
        into=request.values.get("into", ""),
        request_id=key_of(request.form.get("request", "")) or new_id(),
        refusal=refusal,
        words=words,
    )
