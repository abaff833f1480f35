"""The program's pages, for staff: appointments for advice, and the families who came to talks."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.plugin_api import (
    Capability,
    ConflictError,
    HeldSession,
    MenuEntry,
    Message,
    NotFoundError,
    RestrictedUseError,
    WebPart,
    actor,
    child_by_number,
    db,
    today,
    wiring,
)
from plugins.parent_school import appointments as slots
from plugins.parent_school import families, services
from plugins.parent_school.forms import FileNumberForm, PlainForm
from plugins.parent_school.models import MOST_ADULTS, Booking

blueprint = Blueprint("parent_school", __name__, url_prefix="/parent-school", template_folder="templates")
Page = str | Response | tuple[str, int]


@blueprint.get("/appointments")
def appointments() -> str:
    """Show the slots of the next weeks and who has them; what was just done can be taken back."""
    rows, lost = slots.shown(db.session, today())
    return render_template(
        "parent_school/appointments.html",
        rows=rows,
        lost=lost,
        free=sum(row.booking is None for row in rows),
        weeks=slots.WEEKS_AHEAD,
        changed=_just_changed(),
    )


@blueprint.route("/appointments/<uuid:session_id>/book", methods=["GET", "POST"])
def book(session_id: UUID) -> Page:
    """Ask for a child's file number, and give the family the slot."""
    slot, form = slots.find_slot(db.session, session_id, today()), FileNumberForm()
    if form.validate_on_submit():
        try:
            child = child_by_number(db.session, form.number.data, today())
            booking = services.book(db.session, actor(), wiring().clock, slot, child.id)
        except (NotFoundError, RestrictedUseError) as error:
            form.number.errors = [_not_this_child(error)]
        except ConflictError:
            flash(_("Another family has this appointment."), "error")
            return redirect(url_for("parent_school.appointments"))
        else:
            return redirect(url_for("parent_school.appointments", changed=booking.id))
    page = render_template("parent_school/book.html", form=form, slot=slot)
    return page, 422 if form.errors else 200


@blueprint.post("/appointments/<uuid:booking_id>/cancel")
def cancel(booking_id: UUID) -> Response:
    """Free a slot; the page asks first, and takes it back afterwards."""
    if PlainForm().validate_on_submit():
        services.cancel(db.session, actor(), wiring().clock, booking_id)
    return redirect(url_for("parent_school.appointments", changed=booking_id))


@blueprint.post("/appointments/<uuid:booking_id>/restore")
def restore(booking_id: UUID) -> Response:
    """Give a family its slot back."""
    try:
        if PlainForm().validate_on_submit():
            services.restore(db.session, actor(), wiring().clock, booking_id)
    except RestrictedUseError as error:
        flash(_not_this_child(error), "error")
    except ConflictError:
        flash(_("Another family has this appointment."), "error")
    return redirect(url_for("parent_school.appointments", changed=booking_id))


@blueprint.get("/families")
def talks() -> str:
    """List the talks whose families can be noted."""
    return render_template("parent_school/talks.html", rows=families.talks_behind(db.session, today()))


@blueprint.route("/families/<uuid:session_id>", methods=["GET", "POST"])
def attendance(session_id: UUID) -> Page:
    """Show the families of a talk, and note how many grown-ups of each were there."""
    talk, form = families.find_talk(db.session, session_id, today()), PlainForm()
    rows = families.families_of(db.session, talk, today())
    if form.validate_on_submit():
        counts = {row.child.id: _count(f"adults-{row.child.id}", row.adults) for row in rows if row.is_open}
        noted = services.note_families(db.session, actor(), wiring().clock, talk, counts)
        flash(_("Noted. Families who were there: %(count)s.", count=noted), "success")
        return redirect(url_for("parent_school.attendance", session_id=talk.id))
    return _attendance_page(talk, rows, FileNumberForm())


@blueprint.post("/families/<uuid:session_id>/more")
def add_family(session_id: UUID) -> Page:
    """Note one more family, by a child's file number, with one grown-up."""
    talk, form = families.find_talk(db.session, session_id, today()), FileNumberForm()
    if form.validate_on_submit():
        try:
            child = child_by_number(db.session, form.number.data, today())
        except (NotFoundError, RestrictedUseError) as error:
            form.number.errors = [_not_this_child(error)]
        else:
            rows = families.families_of(db.session, talk, today())
            adults = next((row.adults for row in rows if row.child.id == child.id), 0)
            services.note_families(db.session, actor(), wiring().clock, talk, {child.id: adults or 1})
            flash(_("Noted with one grown-up: change it below if more came."), "success")
            return redirect(url_for("parent_school.attendance", session_id=talk.id))
    page, _status = _attendance_page(talk, families.families_of(db.session, talk, today()), form)
    return page, 422


def _attendance_page(
    talk: HeldSession, rows: tuple[families.FamilyShown, ...], more: FileNumberForm
) -> tuple[str, int]:
    page = render_template(
        "parent_school/attendance.html", talk=talk, rows=rows, form=PlainForm(), more=more, most=MOST_ADULTS
    )
    return page, 200


def _just_changed() -> Booking | None:
    """Return the appointment that the address names as just changed, None where it names none within reach."""
    try:
        return services.find_booking(db.session, UUID(request.args.get("changed", "")))
    except (ValueError, NotFoundError):
        return None


def _not_this_child(error: NotFoundError | RestrictedUseError) -> str:
    if isinstance(error, RestrictedUseError):
        text: str = _("A guardian has had the use of this child's data restricted: nothing new may rest on it.")
    else:
        text = _("No file has this number, or several do: look it up in the list of children.")
    return text


def _count(name: str, before: int) -> int:
    """Return the number that was sent for a family, what was noted before where none was."""
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) == 1 else before


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="parent_school",
    mount=_mount,
    permissions={
        f"parent_school.{name}": Capability.NOTE_ATTENDANCE
        for name in ("appointments", "book", "cancel", "restore", "talks", "attendance", "add_family")
    },
    menu=(
        MenuEntry(Message("Appointments for advice"), "parent_school.appointments"),
        MenuEntry(Message("Families at talks"), "parent_school.talks"),
    ),
    deeds={
        "parent_school.attendance_noted": Message("Noted families at a talk"),
        "parent_school.appointment_booked": Message("Booked an appointment for advice"),
        "parent_school.appointment_cancelled": Message("Cancelled an appointment for advice"),
        "parent_school.appointment_restored": Message("Gave an appointment for advice back"),
    },
)
