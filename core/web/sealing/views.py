"""Views of sealing a child's file."""

from collections.abc import Collection
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.db.models import Child
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services import sealed_files as services
from core.web.forms import Choices, Form
from core.web.text import say

sealing = Blueprint("sealing", __name__, url_prefix="/sealing")
Page = str | Response | tuple[str, int]


class WorkersForm(Form):
    """Who may still work with the child."""

    workers = Choices(_l("Who works with this child"))

    def chosen(self) -> list[UUID]:
        """Return the accounts that are ticked."""
        return [UUID(one) for one in self.workers.data]


@sealing.get("/<uuid:child_id>")
def file(child_id: UUID) -> str:
    """Show whether a child's file is sealed and who works with the child."""
    child = _child(child_id)
    return _page(child, _form(services.named_workers(db.session, child.id)))


@sealing.post("/<uuid:child_id>")
def seal(child_id: UUID) -> Page:
    """Seal the file, or name other workers where it is sealed."""
    child, form = _child(child_id), _form()
    if not form.validate():
        return _page(child, form), 422
    deed = services.name_workers if child.sealed_file else services.seal
    try:
        deed(db.session, actor(), wiring().clock, child_id, form.chosen())
    except InvalidInputError as error:
        form.refuse(error, form.workers)
        return _page(child, form), 422
    flash(_("The file is sealed: only those named and the head see the child."), "success")
    return redirect(url_for("sealing.file", child_id=child_id))


@sealing.post("/<uuid:child_id>/open")
def unseal(child_id: UUID) -> Response:
    """Open the file to everybody again who sees the station's children."""
    child = _child(child_id)
    try:
        services.unseal(db.session, actor(), wiring().clock, child.id)
    except ConflictError as error:
        flash(say(error.message), "error")
    else:
        flash(_("The file is open again."), "success")
    return redirect(url_for("sealing.file", child_id=child_id))


def _child(child_id: UUID) -> Child:
    child = db.session.get(Child, child_id)
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    return child


def _form(chosen: Collection[UUID] | None = None) -> WorkersForm:
    form = WorkersForm() if chosen is None else WorkersForm(formdata=None, workers=[str(one) for one in chosen])
    users = services.possible_workers(db.session)
    form.workers.choices = [(user.id, f"{user.display_name or user.login} · {say(user.role)}") for user in users]
    return form


def _page(child: Child, form: WorkersForm) -> str:
    return render_template("sealing/file.html", child=child, form=form)
