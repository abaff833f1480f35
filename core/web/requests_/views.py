"""Views of guardians' requests: the list, a new one, and how each is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired

from core.db.models import Child, RightsRequest
from core.db.queries import children as queries
from core.domain.actor import EVERYTHING
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.rights import ReceivedHow, RequestKind
from core.extensions import actor, db, wiring
from core.services import requests as services
from core.services.children.keeping import find_child
from core.services.copies import GuardianCopy, make_copy
from core.services.copy_sections import CORRECTED
from core.services.erasing import erased_so_far, write_ledger
from core.web.children.words import table_names
from core.web.forms import Form
from core.web.text import say

requests = Blueprint("requests", __name__, url_prefix="/requests")
Page = str | Response | tuple[str, int]


class RequestForm(Form):
    """What a guardian asks for."""

    guardian = SelectField(_l("Guardian"))
    kind = SelectField(_l("What is asked for"), coerce=RequestKind)
    how = SelectField(_l("How it came"), coerce=ReceivedHow)
    received_on = DateField(_l("Received on"), [InputRequired()])


class RefusalForm(Form):
    """Why a request is refused."""

    reason = StringField(_l("Why, as the guardian is told in writing"), [InputRequired()])


@requests.get("/")
def listed() -> str:
    """Show the requests; those that are overdue come first."""
    rows = services.requests(db.session)
    children = db.session.scalars(queries.children_by_id({row.child_id for row in rows}))
    numbers = {child.id: child.number for child in children}
    return render_template("requests/listed.html", rows=rows, numbers=numbers, today=wiring().today())


@requests.route("/child/<uuid:child_id>/new", methods=["GET", "POST"])
def new(child_id: UUID) -> Page:
    """Note a request of one of a child's guardians."""
    app, child = wiring(), find_child(db.session, child_id)
    form = RequestForm(received_on=app.today())
    people = db.session.scalars(queries.guardians_of(child.id))
    form.guardian.choices = [(str(one.id), f"{one.name} · {say(one.relation)}") for one in people]
    form.kind.choices = [(one.value, say(one.label)) for one in RequestKind]
    form.how.choices = [(one.value, say(one.label)) for one in ReceivedHow]
    if form.validate_on_submit():
        guardian = UUID(form.guardian.data)
        asked = services.Asked(child.id, guardian, form.kind.data, form.how.data, form.received_on.data)
        try:
            row = services.enter(db.session, actor(), app.clock, asked, today=app.today())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return redirect(url_for("requests.page", request_id=row.id))
    return render_template("requests/new.html", form=form, child=child), 422 if form.errors else 200


@requests.get("/<uuid:request_id>")
def page(request_id: UUID) -> str:
    """Show a request and the ways to answer it; before a deletion, what goes and what the law keeps."""
    return _page(services.find_request(db.session, request_id), RefusalForm())


@requests.post("/<uuid:request_id>/copy/pdf")
def copy_pdf(request_id: UUID) -> Response:
    """Make the copy and send it to be printed."""
    return _copy(request_id, "pdf", lambda made: made.to_pdf(say))


@requests.post("/<uuid:request_id>/copy/json")
def copy_json(request_id: UUID) -> Response:
    """Make the copy and send it for machines."""
    return _copy(request_id, "json", lambda made: made.to_json(say).encode())


@requests.post("/<uuid:request_id>/close")
def close(request_id: UUID) -> Response:
    """Take a correction or a restriction as done."""
    return _try(request_id, lambda: services.close(db.session, actor(), wiring().clock, request_id))


@requests.post("/<uuid:request_id>/refuse")
def refuse(request_id: UUID) -> Page:
    """Refuse the request with the reason."""
    form = RefusalForm()
    row = services.find_request(db.session, request_id)
    if form.validate():
        try:
            services.refuse(db.session, actor(), wiring().clock, request_id, form.reason.data)
        except (ConflictError, InvalidInputError) as error:
            form.refuse(error)
        else:
            flash(_("The request is answered."), "success")
            return redirect(url_for("requests.page", request_id=request_id))
    return _page(row, form), 422


@requests.post("/<uuid:request_id>/erase")
def erase(request_id: UUID) -> Response:
    """Delete what may be deleted; the ledger of what was erased follows once the deletion is stored."""
    app = wiring()
    try:
        shown = services.delete_data(db.session, actor(), app.clock, request_id, today=app.today())
    except ConflictError as error:
        flash(say(error.message), "error")
        return redirect(url_for("requests.page", request_id=request_id))
    flash(_("Deleted: the file is gone.") if shown.whole else _("Deleted: all that rested on consent."), "success")
    answer = redirect(url_for("requests.listed"))
    answer.call_on_close(_keep_ledger(app))
    return answer


@requests.post("/<uuid:request_id>/lift")
def lift(request_id: UUID) -> Response:
    """End the restricted use of a child's data."""
    done = _("The restriction is ended.")
    return _try(request_id, lambda: services.lift_restriction(db.session, actor(), wiring().clock, request_id), done)


def _keep_ledger(app: Any) -> Callable[[], None]:
    def keep() -> None:
        with app.database.reading(EVERYTHING) as session:
            erased = erased_so_far(session)
        write_ledger(app.settings.erasure_ledger, app.database.vault, erased)

    return keep


def _try(request_id: UUID, deed: Callable[[], object], done: str | None = None) -> Response:
    try:
        deed()
    except ConflictError as error:
        flash(say(error.message), "error")
    else:
        flash(done or _("The request is answered."), "success")
    return redirect(url_for("requests.page", request_id=request_id))


def _page(row: RightsRequest, form: RefusalForm) -> str:
    child = db.session.scalars(select(Child).where(Child.id == row.child_id)).one()
    waits = row.kind is RequestKind.DELETION and row.outcome is None
    shown = services.preview(db.session, child, wiring().today()) if waits else None
    return render_template(
        "requests/page.html",
        row=row,
        child=child,
        form=form,
        shown=shown,
        table_names=table_names(),
        corrected=[say(CORRECTED[name]) if name in CORRECTED else name for name in row.fields],
    )


def _copy(request_id: UUID, form: str, write: Callable[[GuardianCopy], bytes]) -> Response:
    try:
        made = make_copy(db.session, actor(), wiring().clock, request_id, today=wiring().today())
    except (ConflictError, InvalidInputError) as error:
        flash(say(error.message), "error")
        return redirect(url_for("requests.page", request_id=request_id))
    name = f"copy-{made.number}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(write(made), mimetype=f"application/{form}", headers=headers)
