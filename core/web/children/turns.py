"""Views of where a file is kept and whether it is: due visits, moves, leaving, coming back, turning 18, merging."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.models import Station
from core.db.scope import scope_of
from core.domain.child_file import LeftReason
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.vocabulary import ChildCategory
from core.extensions import actor, db, own_station, wiring
from core.services.children.comparing import compared
from core.services.children.keeping import StaleFileError, find_child
from core.services.children.moving import (
    come_back,
    grown_up,
    leave,
    mark_grown_up,
    move_child,
    station_by_address,
)
from core.services.children.visits import due_by, intervals_at, last_of_month, set_intervals
from core.services.merging.files import merge_children
from core.services.merging.undoing import unmerge as take_apart
from core.web.children.forms import LeaveForm, MoveForm
from core.web.children.parts import small_page
from core.web.children.views import stations_in_reach
from core.web.forms import Form
from core.web.text import say

child_turns = Blueprint("child_turns", __name__, url_prefix="/children")
Page = str | Response | tuple[str, int]


@child_turns.get("/due")
def due() -> str:
    """Show who is to be visited, or whose data is to be checked, by the end of the month; the overdue first."""
    today = wiring().today()
    names = {row.id: row.name for row in db.session.execute(select(Station.id, Station.name))}
    rows = due_by(db.session, last_of_month(today))
    return render_template("children/due.html", rows=rows, stations=names, today=today)


@child_turns.route("/intervals", methods=["GET", "POST"])
def intervals() -> Page:
    """Ask how often the children of each category are visited."""
    form, station = Form(), own_station()
    months = dict(intervals_at(db.session, station))
    if form.validate_on_submit():
        try:
            asked = {one: int(request.form.get(one.value, "")) for one in ChildCategory}
            changed = {one: count for one, count in asked.items() if count != months[one]}
            set_intervals(db.session, actor(), wiring().clock, station, changed)
        except (ValueError, InvalidInputError):
            form.form_errors.append(_("An interval has 1 to 24 months."))
        else:
            flash(_("The intervals are saved."), "success")
            return redirect(url_for("child_turns.due"))
    status = 422 if form.form_errors else 200
    return render_template("children/intervals.html", form=form, months=months), status


@child_turns.route("/<uuid:child_id>/move", methods=["GET", "POST"])
def move(child_id: UUID) -> Page:
    """Move a file to another community or station, with all that hangs on it."""
    app, child, form = wiring(), find_child(db.session, child_id), MoveForm()
    here = [one for one in stations_in_reach() if one[0] != str(child.station_id)]
    form.station.choices = [("", _("A station elsewhere")), *here]
    if not form.is_submitted():
        form.day.data = app.today()
    if form.validate_on_submit():
        try:
            target = _target(form)
            move_child(
                db.session,
                actor(),
                app.clock,
                child_id,
                target,
                day=form.day.data,
                today=app.today(),
                words=form.words.data or "",
            )
        except (InvalidInputError, ConflictError, NotFoundError) as error:
            form.refuse(error)
        else:
            return _moved(child_id, target)
    lead = _("Guardians, consents, visits and all else of the file go along. Groups that stay behind are given up.")
    return small_page(form, find_child(db.session, child_id), _("Move the file"), lead=lead)


@child_turns.route("/<uuid:child_id>/leave", methods=["GET", "POST"])
def go(child_id: UUID) -> Page:
    """Note that a child has left, and why."""
    app, child, form = wiring(), find_child(db.session, child_id), LeaveForm()
    form.reason.choices = [(reason.value, say(reason.label)) for reason in LeftReason]
    if not form.is_submitted():
        form.day.data = app.today()
    if form.validate_on_submit():
        try:
            leave(
                db.session,
                actor(),
                app.clock,
                child_id,
                LeftReason(form.reason.data),
                day=form.day.data,
                today=app.today(),
                words=form.words.data or "",
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("It is noted that the child has left. The file is kept."), "success")
            return redirect(url_for("children.page", child_id=child_id))
    lead = _("The file is kept, and the child no longer stands on the lists.")
    return small_page(form, child, _("The child leaves"), lead=lead, danger=True)


@child_turns.post("/<uuid:child_id>/return")
def back(child_id: UUID) -> Response:
    """Note that a child who had left is at the station again."""
    app = wiring()
    find_child(db.session, child_id)
    try:
        come_back(db.session, actor(), app.clock, child_id, today=app.today())
    except ConflictError as error:
        flash(say(error.message), "error")
    else:
        flash(_("The child is at the station again."), "success")
    return redirect(url_for("children.page", child_id=child_id))


@child_turns.route("/grown-up", methods=["GET", "POST"])
def adults() -> Page:
    """Show who has turned 18 and is still kept on file; noted of all at once that they have left."""
    app, form = wiring(), Form()
    if form.validate_on_submit():
        count = mark_grown_up(db.session, actor(), app.clock, app.today())
        flash(_("It is noted of %(count)s that they have left.", count=count), "success")
        return redirect(url_for("child_turns.adults"))
    return render_template("children/grown_up.html", form=form, rows=grown_up(db.session, app.today()))


@child_turns.route("/<uuid:child_id>/merge/<uuid:other_id>", methods=["GET", "POST"])
def merge(child_id: UUID, other_id: UUID) -> Page:
    """Show two files side by side, and make one of them once that is confirmed."""
    app, form = wiring(), Form()
    kept, former = find_child(db.session, child_id), find_child(db.session, other_id)
    if form.validate_on_submit():
        try:
            versions = int(request.form.get("kept_version", "0")), int(request.form.get("former_version", "0"))
            done = merge_children(
                db.session, actor(), app.clock, kept.id, former.id, versions=versions, today=app.today()
            )
        except (StaleFileError, ConflictError, InvalidInputError) as error:
            form.refuse(error)
        except ValueError:
            form.form_errors.append(_("One of the two files was changed meanwhile: compare them once more."))
        else:
            return _merged(child_id, sum(done.rows.values()), len(done.filled))
    rows = compared(db.session, kept, former)
    page = render_template("children/merge.html", form=form, kept=kept, former=former, rows=rows)
    return page, 422 if form.form_errors else 200


@child_turns.post("/<uuid:child_id>/unmerge")
def unmerge(child_id: UUID) -> Response:
    """Take the last merging of a file back; the page asks first."""
    find_child(db.session, child_id)
    try:
        other = take_apart(db.session, actor(), wiring().clock, child_id)
    except ConflictError as error:
        flash(say(error.message), "error")
    else:
        number = find_child(db.session, other).number
        flash(_("The two files stand as they did: file %(number)s is there again.", number=number), "success")
    return redirect(url_for("children.page", child_id=child_id))


def _target(form: MoveForm) -> UUID:
    return UUID(form.station.data) if form.station.data else station_by_address(db.session, form.elsewhere.data)


def _moved(child_id: UUID, target: UUID) -> Response:
    reach = scope_of(db.session)
    flash(_("The file has moved, with all that hangs on it."), "success")
    if reach.everything or target in reach.stations:
        return redirect(url_for("children.page", child_id=child_id))
    return redirect(url_for("children.listed"))


def _merged(child_id: UUID, rows: int, filled: int) -> Response:
    words = _(
        "The two files are one now: %(rows)s entries went over, %(filled)s empty fields were filled. What went where"
        " stands below.",
        rows=rows,
        filled=filled,
    )
    flash(words, "success")
    return redirect(url_for("children.page", child_id=child_id))
