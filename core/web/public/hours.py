"""Views of hours of service as anybody sees them, and of objecting to a line."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.domain.errors import ConflictError, InvalidInputError
from core.domain.service_hours import SHOWN_DAYS, in_hours
from core.extensions import db, limiter, wiring
from core.services.hours import shown as service
from core.services.stations import enter_public_station
from core.web.public.forms import ObjectionForm

shown_hours = Blueprint("shown_hours", __name__, url_prefix="/p")
Page = str | Response | tuple[str, int]


@shown_hours.after_request
def unlisted(response: Response) -> Response:
    """Keep the pages out of search engines: what is shown for seven days isn't to be found for years."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@shown_hours.get("/<slug>/hours")
def listed(slug: str) -> str:
    """Show the lines that a station shows at present, by masked names."""
    station = enter_public_station(db.session, slug)
    lines = service.shown_by(db.session, station, today=wiring().today())
    return render_template("public/hours.html", station=station, lines=lines, in_hours=in_hours, days=SHOWN_DAYS)


@shown_hours.route("/<slug>/hours/<reference>", methods=["GET", "POST"])
@limiter.limit("10 per hour; 30 per day", methods=["POST"])
def object_to(slug: str, reference: str) -> Page:
    """Let anybody say that a line is wrong."""
    app, form = wiring(), ObjectionForm()
    station = enter_public_station(db.session, slug)
    line = service.find_shown(db.session, station, reference, today=app.today())
    if form.validate_on_submit():
        try:
            service.object_in_public(
                db.session,
                app.clock,
                station,
                reference,
                form.text.data,
                form.contact.data or "",
                today=app.today(),
            )
        except (ConflictError, InvalidInputError) as error:
            form.refuse(error)
        else:
            flash(_("The station has your objection; the line is not final until it is answered."), "success")
            return redirect(url_for("shown_hours.listed", slug=slug))
    page = render_template("public/objection.html", station=station, line=line, form=form, in_hours=in_hours)
    return page, 422 if form.errors else 200
