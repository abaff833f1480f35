"""Views of the station's calendar."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.queries import closures as queries
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING
from core.domain.calendar.arranged_year import ArrangedYear
from core.domain.calendar.arranged_year_file import read_arranged_year
from core.domain.calendar.closure import Closure
from core.domain.errors import InvalidInputError, Message
from core.extensions import actor, db, wiring
from core.services.arranged_years import enter_year as enter
from core.services.calendar import work_calendar
from core.services.closable import Closable, closable_places
from core.services.closures import close as close_days
from core.services.closures import consequences
from core.services.closures import reopen as reopen_days
from core.web.calendar.forms import ArrangedYearForm, ClosureForm

Page = str | Response | tuple[str, int]
calendar = Blueprint("calendar", __name__, url_prefix="/calendar")


@calendar.get("/")
def overview() -> str:
    """Show what is closed and which years are arranged."""
    closures = db.session.scalars(queries.closures_from(wiring().today())).all()
    places = {place.value: place.name for place in closable_places(db.session, actor().station_id)}
    entered = db.session.scalars(queries.entered_years()).all()
    arranged = work_calendar(db.session).arranged_years
    year = wiring().today().year
    return render_template(
        "calendar/overview.html",
        closures=closures,
        places=places,
        entered=entered,
        unknown=[one for one in (year, year + 1) if one not in arranged],
    )


@calendar.get("/closures/new")
def consider() -> Page:
    """Ask what to close and when; once that is known, show whom it hits. Nothing is changed by looking."""
    asked = ClosureForm.asked()
    places = _offer_places(asked)
    if not request.args:
        return render_template("calendar/close.html", form=asked)
    try:
        hit = consequences(db.session, *_closing(asked, places), now=wiring().wall_clock())
    except InvalidInputError as error:
        asked.refuse(error)
        return render_template("calendar/close.html", form=asked), 422
    return render_template("calendar/consequences.html", form=asked, hit=hit, place=places[asked.place.data])


@calendar.post("/closures")
def close() -> Page:
    """Close, and cancel what can't be held."""
    app, form = wiring(), ClosureForm()
    try:
        station_id, closing = _closing(form, _offer_places(form))
        done = close_days(db.session, actor(), app.clock, app.hooks, station_id, closing, now=app.wall_clock())
    except InvalidInputError as error:
        form.refuse(error)
        return render_template("calendar/close.html", form=form), 422
    flash(_("Closed. %(count)s sessions are cancelled.", count=len(done.sessions)), "success")
    return redirect(url_for("calendar.overview"))


@calendar.post("/closures/<uuid:closure_id>/reopen")
def reopen(closure_id: UUID) -> Response:
    """Take a closure back."""
    reopen_days(db.session, actor(), wiring().clock, closure_id)
    flash(_("The closure is taken back. Plan the term again to hold what it cancelled."), "success")
    return redirect(url_for("calendar.overview"))


@calendar.route("/years/new", methods=["GET", "POST"])
def enter_year() -> Page:
    """Enter a year's arrangement from the State Council's notice."""
    form = ArrangedYearForm()
    if form.validate_on_submit():
        try:
            _enter(_arrangement(form))
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return redirect(url_for("calendar.overview"))
    return render_template("calendar/year.html", form=form), 422 if form.errors else 200


def _offer_places(form: ClosureForm) -> dict[str, Closable]:
    places = {place.value: place for place in closable_places(db.session, actor().station_id)}
    form.place.choices = [(value, place.name) for value, place in places.items()]
    return places


def _closing(form: ClosureForm, places: dict[str, Closable]) -> tuple[UUID, Closure]:
    """Return the station and the closure that a form describes; raise InvalidInputError where it doesn't."""
    if not form.validate():
        raise InvalidInputError(Message("Complete the fields that are marked."))
    place = places[form.place.data]
    closing = place.closing(form.first.data, form.last.data, form.from_time.data, form.reason.data)
    return place.station_id, closing


def _enter(arrangement: ArrangedYear) -> None:
    app, reader = wiring(), actor()
    if reader.station_id is None:
        raise InvalidInputError(Message("An account without a station can't enter a year."))
    # A year holds for every station, and the feeds of all of them called its days provisional.
    set_scope(db.session, EVERYTHING)
    enter(db.session, reader, app.clock, app.hooks, arrangement, station_id=reader.station_id)
    flash(_("The year %(year)s is arranged.", year=str(arrangement.year)), "success")


def _arrangement(form: ArrangedYearForm) -> ArrangedYear:
    if not form.file.data:
        return read_arranged_year(form.text.data or "")
    try:
        return read_arranged_year(form.file.data.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInputError(Message("The file is not in UTF-8: save the sheet as CSV (UTF-8).")) from error
