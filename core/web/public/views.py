"""Views of the public notice, and of applying to serve."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.queries import stations as station_queries
from core.db.queries import week as queries
from core.domain.errors import InvalidInputError
from core.extensions import db, limiter, wiring
from core.services import timetable as service
from core.services.applying import apply_to_serve
from core.services.stations import enter_public_station
from core.web.arguments import asked_monday
from core.web.public.forms import ApplicationForm

public = Blueprint("public", __name__, url_prefix="/p")
Page = str | Response | tuple[str, int]


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


@public.route("/<slug>/volunteer", methods=["GET", "POST"])
@limiter.limit("10 per hour; 30 per day", methods=["POST"])
def apply(slug: str) -> Page:
    """Let anybody apply to serve; the answer is the same whether or not the station knows them."""
    app, form = wiring(), ApplicationForm()
    station = enter_public_station(db.session, slug)
    if form.validate_on_submit():
        try:
            apply_to_serve(
                db.session, app.clock, station, form.application(), today=app.today(), demo=app.settings.demo
            )
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return redirect(url_for("public.applied", slug=slug))
    return render_template("public/apply.html", station=station, form=form), 422 if form.errors else 200


@public.get("/<slug>/volunteer/thanks")
def applied(slug: str) -> str:
    """Say what happens next to somebody who applied."""
    return render_template("public/applied.html", station=enter_public_station(db.session, slug))
