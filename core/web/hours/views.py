"""Views of hours of service for the station, and of a volunteer's own."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.db.models import Station
from core.db.queries import service as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.service_hours import SHOWN_DAYS, Appraisal, final_on, in_hours
from core.extensions import actor, db, wiring
from core.services.attendance import find_held_session
from core.services.hours import export as exporting
from core.services.hours import ledger, load
from core.services.volunteering import find_person
from core.web.hours.forms import CorrectionForm, TextForm, TimeForm
from core.web.text import say

hours = Blueprint("hours", __name__, url_prefix="/hours")
Page = str | Response | tuple[str, int]
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_USUAL_TIME = timedelta(days=90)


@hours.get("/")
def listed() -> str:
    """Show what is to be booked and answered, and the lines that anybody concerned may object to."""
    today = wiring().today()
    return render_template(
        "hours/listed.html",
        waiting=db.session.scalars(queries.unbooked_sessions(today)).all(),
        objections=db.session.scalars(queries.open_objections()).all(),
        entries=ledger.shown_now(db.session, today=today),
        in_hours=in_hours,
        final_on=final_on,
        days=SHOWN_DAYS,
        station=_station(),
        form=TimeForm(first=today - _USUAL_TIME, last=today),
    )


@hours.get("/sessions/<uuid:session_id>")
def of_session(session_id: UUID) -> Page:
    """Show who was at a session and what their hours would be."""
    return _sheet(session_id)


@hours.post("/sessions/<uuid:session_id>")
def book(session_id: UUID) -> Page:
    """Write the hours of a session into the ledger."""
    app, held = wiring(), find_held_session(db.session, session_id)
    try:
        wanted = {
            one.person.id: (_minutes(f"hours_{one.person.id}"), _appraisal(f"appraisal_{one.person.id}"))
            for one in ledger.served_at(db.session, held)
            if one.entry is None and f"hours_{one.person.id}" in request.form
        }
        count = ledger.book(db.session, actor(), app.clock, session_id, wanted, now=app.wall_clock())
    except (ConflictError, InvalidInputError) as error:
        return _sheet(session_id, say(error.message))
    flash(
        ngettext("The hours of %(num)s person are booked.", "The hours of %(num)s people are booked.", count), "success"
    )
    return redirect(url_for("hours.of_session", session_id=session_id))


@hours.get("/volunteers/<uuid:volunteer_id>")
def of_volunteer(volunteer_id: UUID) -> Page:
    """Show the ledger of a volunteer with their certificates."""
    return _account(volunteer_id)


@hours.post("/lines/<uuid:entry_id>")
def correct(entry_id: UUID) -> Page:
    """Correct a line by a further one."""
    app, form = wiring(), CorrectionForm()
    volunteer_id = _owner(entry_id)
    if not form.validate():
        return _account(volunteer_id, _("Hours are from 0 to 16, with a reason of at most 200 characters."))
    try:
        ledger.correct(db.session, actor(), app.clock, entry_id, form.minutes(), form.reason.data, today=app.today())
    except (ConflictError, InvalidInputError) as error:
        return _account(volunteer_id, say(error.message))
    flash(_("The line is corrected; the correction is shown for seven days."), "success")
    return redirect(url_for("hours.of_volunteer", volunteer_id=volunteer_id))


@hours.post("/objections/<uuid:objection_id>")
def answer(objection_id: UUID) -> Response:
    """Answer an objection."""
    try:
        ledger.answer(db.session, actor(), wiring().clock, objection_id, request.form.get("text", ""))
    except (ConflictError, InvalidInputError) as error:
        flash(say(error.message), "error")
    else:
        flash(_("The objection is answered."), "success")
    return redirect(url_for("hours.listed"))


@hours.post("/export")
def export() -> Response:
    """Give out the final hours of a time as an Excel workbook for the national system."""
    app, form = wiring(), TimeForm()
    try:
        first, last = form.dates()
    except InvalidInputError as error:
        flash(say(error.message), "error")
        return redirect(url_for("hours.listed"))
    content = exporting.export(db.session, actor(), app.clock, first, last, today=app.today())
    name = f"service-hours-{first}-{last}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=_EXCEL, headers=headers)


@hours.get("/load")
def loads() -> str:
    """Show who carries how much."""
    today = wiring().today()
    first, last = _asked("first", today - _USUAL_TIME), _asked("last", today)
    form = TimeForm(first=first, last=last)
    found = load.loads(db.session, first, last, today=today)
    return render_template("hours/loads.html", loads=found, form=form, in_hours=in_hours)


@hours.post("/thanks/<uuid:volunteer_id>")
def thank(volunteer_id: UUID) -> Response:
    """Thank somebody."""
    app = wiring()
    try:
        load.thank(db.session, actor(), app.clock, volunteer_id, today=app.today())
    except InvalidInputError as error:
        flash(say(error.message), "error")
    else:
        flash(_("Your thanks are on their way."), "success")
    return redirect(url_for("hours.loads"))


@hours.get("/mine")
def mine() -> Page:
    """Show the reader's own hours and certificates."""
    return _own()


@hours.post("/mine/<uuid:entry_id>")
def object_to(entry_id: UUID) -> Page:
    """Say that a line of one's own is wrong."""
    form = TextForm()
    try:
        ledger.object_to(db.session, actor(), wiring().clock, entry_id, form.text.data or "")
    except InvalidInputError as error:
        return _own(say(error.message))
    flash(_("The station has your objection; the line is not final until it is answered."), "success")
    return redirect(url_for("hours.mine"))


def _sheet(session_id: UUID, refusal: str = "") -> Page:
    app, held = wiring(), find_held_session(db.session, session_id)
    page = render_template(
        "hours/session.html",
        held=held,
        people=ledger.served_at(db.session, held),
        appraisals=tuple(Appraisal),
        over=held.ends_at is not None and held.ends_at <= app.wall_clock(),
        in_hours=in_hours,
        refusal=refusal,
        entered=request.form,
    )
    return page, 422 if refusal else 200


def _account(volunteer_id: UUID, refusal: str = "") -> Page:
    person = find_person(db.session, volunteer_id)
    page = render_template(
        "hours/account.html",
        person=person,
        account=ledger.account_of(db.session, person.id, today=wiring().today()),
        certificates=db.session.scalars(queries.certificates_of(person.id)).all(),
        in_hours=in_hours,
        final_on=final_on,
        refusal=refusal,
        own=False,
    )
    return page, 422 if refusal else 200


def _own(refusal: str = "") -> Page:
    volunteer_id = actor().volunteer_id
    if volunteer_id is None:
        raise NotFoundError(Message("Your account has no file as a volunteer: ask the station."))
    page = render_template(
        "hours/account.html",
        person=find_person(db.session, volunteer_id),
        account=ledger.account_of(db.session, volunteer_id, today=wiring().today()),
        certificates=db.session.scalars(queries.certificates_of(volunteer_id)).all(),
        in_hours=in_hours,
        final_on=final_on,
        refusal=refusal,
        own=True,
    )
    return page, 422 if refusal else 200


def _station() -> Station | None:
    station_id = actor().station_id
    return None if station_id is None else db.session.get(Station, station_id)


def _owner(entry_id: UUID) -> UUID:
    return ledger.find_line(db.session, entry_id).volunteer_id


def _minutes(name: str) -> int:
    try:
        return round(Decimal(request.form.get(name, "").strip()) * 60)
    except (InvalidOperation, OverflowError, ValueError):
        raise InvalidInputError(Message("Hours are a number such as 2 or 1.75.")) from None


def _appraisal(name: str) -> Appraisal | None:
    text = request.form.get(name, "")
    return Appraisal(text) if text in set(Appraisal) else None


def _asked(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
