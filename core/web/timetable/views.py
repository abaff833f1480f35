"""Views of the timetable."""

from uuid import UUID

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from core.db.models import Term
from core.db.queries import week as queries
from core.domain.errors import Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services import timetable as service
from core.web.arguments import asked_monday

timetable = Blueprint("timetable", __name__, url_prefix="/timetable")


@timetable.get("/")
def current() -> str:
    """Show the term that runs now, at the week of its next session."""
    terms = list(db.session.scalars(queries.terms_in_reach()))
    term = service.current_term(terms, wiring().today(), actor().station_id)
    if term is None:
        return render_template("timetable/none.html")
    return _page(db.session, term, terms)


@timetable.get("/<uuid:term_id>")
def of_term(term_id: UUID) -> str:
    """Show a week of a term."""
    terms = list(db.session.scalars(queries.terms_in_reach()))
    term = next((term for term in terms if term.id == term_id), None)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    return _page(db.session, term, terms)


def _page(session: Session, term: Term, terms: list[Term]) -> str:
    reader = actor()
    monday = asked_monday() or service.opening_week(session, term, wiring().today())
    audience = service.audience_of(reader)
    shown = service.week_of(session, term, monday, audience, volunteer_id=reader.volunteer_id, today=wiring().today())
    return render_template("timetable/week.html", term=term, terms=terms, week=shown, today=wiring().today())
