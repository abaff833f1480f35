"""Views of the mandatory report."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.db.models import Child
from core.db.queries import children as children_queries
from core.domain.capabilities import Capability
from core.domain.errors import InvalidInputError
from core.domain.vocabulary import HarmAuthority
from core.extensions import actor, db, own_station, wiring
from core.security.permissions import may
from core.services import harm_reports as services
from core.services.harm_reports import LONGEST_NAME, Reported
from core.web.forms import Form
from core.web.text import say

harm = Blueprint("harm", __name__, url_prefix="/harm")
Page = str | Response | tuple[str, int]


class ReportForm(Form):
    """That it was reported; nothing of the case, for which there is no field."""

    reported_at = DateTimeLocalField(_l("When you reported it"), [InputRequired()])
    authority = SelectField(_l("To whom"), coerce=HarmAuthority)
    authority_name = StringField(_l("Which office"), [Length(max=LONGEST_NAME)])
    reference = StringField(_l("Number that you were given"), [Length(max=LONGEST_NAME)])


class ContactForm(Form):
    """Whom to call besides."""

    name = StringField(_l("Name of the office"), [InputRequired(), Length(max=LONGEST_NAME)])
    phone = StringField(_l("Phone"), [InputRequired(), Length(max=40)])


@harm.route("/", methods=["GET", "POST"])
def calls() -> Page:
    """Show whom to call at once, then take down that it was reported."""
    return _calls(None)


@harm.route("/child/<uuid:child_id>", methods=["GET", "POST"])
def calls_for_child(child_id: UUID) -> Page:
    """Show whom to call at once for a child, then take down that it was reported."""
    return _calls(services.reported_child(db.session, actor(), child_id))


@harm.get("/receipt/<uuid:report_id>")
def receipt(report_id: UUID) -> str:
    """Show whoever made a report that it is noted; nobody else."""
    return render_template("harm/receipt.html", report=services.own_report(db.session, actor(), report_id))


@harm.get("/register")
def register() -> str:
    """Show the register to the head and the auditor."""
    rows = services.register(db.session, actor())
    named = {row.child_id for row in rows if row.child_id}
    # Whoever sees no child, such as the auditor, sees the number of a file no more than a name.
    sees = may(actor().role, Capability.SEE_CHILDREN)
    seen = db.session.scalars(children_queries.children_by_id(named if sees else ()))
    return render_template("harm/register.html", reports=rows, numbers={child.id: child.number for child in seen})


@harm.route("/contacts", methods=["GET", "POST"])
def contacts() -> Page:
    """Keep the station's list of whom to call besides."""
    form = ContactForm()
    if form.validate_on_submit():
        try:
            services.add_contact(db.session, actor(), wiring().clock, name=form.name.data, phone=form.phone.data)
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return redirect(url_for("harm.contacts"))
    page = render_template("harm/contacts.html", form=form, calls=services.call_list(db.session), own=own_station())
    return page, 422 if form.errors else 200


@harm.post("/contacts/<uuid:contact_id>/drop")
def drop_contact(contact_id: UUID) -> Response:
    """Take somebody off the list."""
    services.remove_contact(db.session, actor(), wiring().clock, contact_id)
    flash(_("Taken off the list."), "success")
    return redirect(url_for("harm.contacts"))


def _calls(child: Child | None) -> Page:
    form = ReportForm(reported_at=wiring().wall_clock().replace(second=0, microsecond=0))
    form.authority.choices = [(word.value, say(word)) for word in HarmAuthority]
    if form.validate_on_submit():
        try:
            row = services.note_report(db.session, actor(), wiring().clock, _reported(form, child))
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return redirect(url_for("harm.receipt", report_id=row.id))
    page = render_template("harm/calls.html", form=form, child=child, calls=services.call_list(db.session))
    return page, 422 if form.errors else 200


def _reported(form: ReportForm, child: Child | None) -> Reported:
    told: datetime = form.reported_at.data
    return Reported(
        reported_at=told.replace(tzinfo=wiring().zone),
        authority=form.authority.data,
        authority_name=form.authority_name.data or "",
        reference=form.reference.data or "",
        child_id=child.id if child else None,
    )
