"""Views of the yearly audit and of incidents."""

from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, DateTimeLocalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.domain.errors import InvalidInputError
from core.domain.incidents import IncidentKind
from core.extensions import actor, db, wiring
from core.services import incidents as services
from core.services.compliance import Compliance, compliance_of
from core.services.compliance_tables import PURPOSES, as_zip, grant_lines
from core.services.incidents import LONGEST_MEASURES, LONGEST_TOLD, Happened
from core.web.forms import Form
from core.web.text import say

compliance = Blueprint("compliance", __name__, url_prefix="/compliance")
incidents = Blueprint("incidents", __name__, url_prefix="/incidents")
Page = str | AnyResponse | tuple[str, int]
#: Years that the page offers, this one first.
_YEARS = 5


class YearForm(Form):
    """Which year, posted so that taking the file along is a deed."""

    year = IntegerField(_l("Year"), [InputRequired()])


class IncidentForm(Form):
    """What happened to data; there is no field for a name."""

    noticed_at = DateTimeLocalField(_l("When it was noticed"), [InputRequired()])
    kind = SelectField(_l("What happened"), coerce=IncidentKind)
    children = IntegerField(_l("How many children it concerns"), [InputRequired()])
    told = StringField(_l("Which authority was told"), [Length(max=LONGEST_TOLD)])
    told_at = DateTimeLocalField(_l("When it was told"), [Optional()])
    families_told = BooleanField(_l("Those concerned, or their guardians, were told"))
    measures = TextAreaField(_l("What was done about it"), [InputRequired(), Length(max=LONGEST_MEASURES)])


@compliance.get("/")
def page() -> Page:
    """Show a year's figures, this year's unless another is asked for."""
    today = wiring().today()
    found = _found(request.args.get("year", today.year, type=int))
    years = range(today.year, today.year - _YEARS, -1)
    form = YearForm(year=found.year)
    lines = grant_lines(found)
    return render_template(
        "compliance/page.html", found=found, years=years, form=form, purposes=PURPOSES, grant_lines=lines
    )


@compliance.post("/")
def download() -> AnyResponse:
    """Give out a year's tables as one file."""
    form = YearForm()
    if not form.validate():
        return redirect(url_for("compliance.page"))
    name = f"weibao-{form.year.data}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(as_zip(_found(form.year.data), say), mimetype="application/zip", headers=headers)


@incidents.route("/", methods=["GET", "POST"])
def listed() -> Page:
    """Keep the register of incidents."""
    form = IncidentForm(noticed_at=wiring().wall_clock().replace(second=0, microsecond=0))
    form.kind.choices = [(word.value, say(word)) for word in IncidentKind]
    if form.validate_on_submit():
        try:
            services.note_incident(db.session, actor(), wiring().clock, _happened(form))
        except InvalidInputError as error:
            form.refuse(error)
        else:
            flash(_("The incident is noted."), "success")
            return redirect(url_for("incidents.listed"))
    page = render_template("compliance/incidents.html", form=form, incidents=services.incidents(db.session, actor()))
    return page, 422 if form.errors else 200


def _found(year: int) -> Compliance:
    return compliance_of(db.session, actor(), year, today=wiring().today(), zone=wiring().zone)


def _happened(form: IncidentForm) -> Happened:
    noticed: datetime = form.noticed_at.data
    told: datetime | None = form.told_at.data
    return Happened(
        noticed_at=noticed.replace(tzinfo=wiring().zone),
        kind=form.kind.data,
        children=form.children.data,
        told=form.told.data or "",
        told_at=told.replace(tzinfo=wiring().zone) if told else None,
        families_told=form.families_told.data,
        measures=form.measures.data,
    )
