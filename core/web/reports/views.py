"""Views of reports."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from core.domain.errors import InvalidInputError
from core.extensions import db, own_station, wiring
from core.services.reports import Section, report
from core.web.forms import Form

reports = Blueprint("reports", __name__, url_prefix="/reports")
Page = str | tuple[str, int]
_JULY = 7


class PeriodForm(Form):
    """The days that a report is about."""

    class Meta:
        """It is asked by an address that can be kept: nothing is changed by it."""

        csrf = False

    first = DateField(_l("From"), [InputRequired()])
    last = DateField(_l("Until"), [InputRequired()])


@reports.get("/")
def page() -> Page:
    """Show the report of a period, the current half-year unless another is asked for."""
    today = wiring().today()
    form = PeriodForm(request.args or None, data=half_year(today))
    sections: Sequence[Section] = ()
    if not request.args or form.validate():
        try:
            sections = report(db.session, wiring().hooks, own_station(), form.first.data, form.last.data)
        except InvalidInputError as error:
            form.refuse(error)
    return render_template("reports/page.html", form=form, sections=sections), 422 if form.errors else 200


def half_year(day: date) -> dict[str, date]:
    """Return the first and the last day of the half-year in which a day lies; stations report by it."""
    if day.month < _JULY:
        return {"first": date(day.year, 1, 1), "last": date(day.year, 6, 30)}
    return {"first": date(day.year, 7, 1), "last": date(day.year, 12, 31)}
