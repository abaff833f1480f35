"""Views of how long data is kept."""

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.domain.retention import RULES, DataClass
from core.extensions import actor, db, own_station, wiring
from core.services import retention as services
from core.services.retention import AHEAD, REASON_LENGTH
from core.web.forms import Form

retention = Blueprint("retention", __name__, url_prefix="/retention")
Page = str | Response | tuple[str, int]
#: What is proposed to whoever keeps a file longer.
_USUAL = timedelta(days=365)


class YearsForm(Form):
    """How many years the files of children who left are kept."""

    years = IntegerField(_l("Years after leaving"), [InputRequired()])


class KeepForm(Form):
    """Until when a file is kept, and why."""

    until = DateField(_l("Keep until"), [InputRequired()])
    reason = StringField(_l("Why"), [InputRequired(), Length(max=REASON_LENGTH)])


@retention.get("/")
def listed() -> Page:
    """Show what goes within 30 days, and the rules."""
    return _listed(YearsForm(years=services.years_at(db.session, own_station())))


@retention.post("/years")
def years() -> Page:
    """Set how long the station keeps the files of children who left."""
    form = YearsForm()
    if form.validate_on_submit():
        try:
            services.set_years(db.session, actor(), wiring().clock, own_station(), form.years.data)
        except InvalidInputError as error:
            form.refuse(error, form.years)
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("retention.listed"))
    return _listed(form), 422


@retention.route("/<data>/<uuid:subject_id>", methods=["GET", "POST"])
def keep(data: str, subject_id: UUID) -> Page:
    """Keep a file longer than the rule says, with a reason."""
    kind = _kind(data)
    file = services.file_of(db.session, actor(), kind, subject_id)
    today: date = wiring().today()
    form = KeepForm(until=file.kept_until or today + _USUAL)
    if form.validate_on_submit():
        try:
            services.keep_longer(
                db.session,
                actor(),
                wiring().clock,
                kind,
                subject_id,
                until=form.until.data,
                reason=form.reason.data,
                today=today,
            )
        except InvalidInputError as error:
            form.refuse(error)
        else:
            flash(_("The file is kept longer."), "success")
            return redirect(url_for("retention.listed"))
    page = render_template("retention/keep.html", form=form, file=file, rule=RULES[kind])
    return page, 422 if form.errors else 200


def _listed(form: YearsForm) -> str:
    due = services.preview(db.session, actor(), wiring().today())
    return render_template("retention/listed.html", due=due, rules=RULES, form=form, days=AHEAD.days)


def _kind(data: str) -> DataClass:
    try:
        return DataClass(data)
    except ValueError as error:
        raise NotFoundError(Message("There is no such file.")) from error
