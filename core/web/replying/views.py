"""A volunteer's page at their secret address; opening it changes nothing, since mail programs open addresses first."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import Volunteer
from core.domain.errors import ConflictError, DomainError, InvalidInputError
from core.extensions import db, limiter, wiring
from core.services import volunteer_links as links
from core.services.replies.answering import acting
from core.web.replying.answers import campaigns, desk_of, questions, take_answer, take_unchanged
from core.web.text import say

replies = Blueprint("replies", __name__, url_prefix="/duties/by-link")
LIMIT = "60 per minute; 600 per hour"
Page = str | Response | tuple[str, int]


@replies.get("/<token>")
@limiter.limit(LIMIT)
def page(token: str) -> Page:
    """Show what somebody is asked."""
    return _page(links.visit(db.session, wiring().clock, token), token)


@replies.post("/<token>/<uuid:question_id>")
@limiter.limit(LIMIT)
def answer(token: str, question_id: UUID) -> Page:
    """Take an answer; one that can't be taken any more is explained."""
    volunteer = links.visit(db.session, wiring().clock, token, answering=True)
    try:
        take_answer(desk_of(acting(volunteer)), question_id, volunteer)
    except (ConflictError, InvalidInputError) as error:
        return _page(volunteer, token, error)
    return redirect(url_for("replies.page", token=token))


@replies.post("/<token>/unchanged")
@limiter.limit(LIMIT)
def unchanged(token: str) -> Page:
    """Note that somebody's times are as before, for all who ask."""
    take_unchanged(links.visit(db.session, wiring().clock, token, answering=True))
    return redirect(url_for("replies.page", token=token))


def _page(volunteer: Volunteer, token: str, refusal: DomainError | None = None) -> Page:
    desk = desk_of(acting(volunteer))
    shown = questions(desk, volunteer.id)
    content = render_template(
        "replying/page.html",
        volunteer=volunteer,
        token=token,
        asked=[one for one in shown if one.row.state == "asked"],
        answered=[one for one in shown if one.row.state != "asked"],
        campaigns=campaigns(volunteer.id),
        refusal=say(refusal.message) if refusal else "",
        chosen=request.form,
    )
    return (content, 409) if refusal else content
