"""Views of the public notice."""

from flask import Blueprint, render_template, request

from core.db.queries import stations as station_queries
from core.db.queries import week as queries
from core.extensions import db, wiring
from core.services import timetable as service
from core.services.stations import enter_public_station
from core.web.arguments import asked_monday

public = Blueprint("public", __name__, url_prefix="/p")


@public.get("/<slug>")
def notice(slug: str) -> str:
    """Show a week of a station's timetable to anybody, or the stations below one that has none of its own."""
    station = enter_public_station(db.session, slug)
    terms = list(db.session.scalars(queries.published_terms(station.id)))
    today = wiring().today()
    term = next((term for term in terms if str(term.id) == request.args.get("term")), None)
    term = term or service.current_term(terms, today)
    if term is None:
        below = db.session.scalars(station_queries.stations_below(station.id)).all()
        return render_template("public/none.html", station=station, below=below)
    monday = asked_monday() or service.opening_week(db.session, term, today)
    week = service.week_of(db.session, term, monday, service.Audience.PUBLIC)
    return render_template("public/week.html", station=station, term=term, terms=terms, week=week, today=today)
