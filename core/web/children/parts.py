"""Views of what hangs on a file: guardians, who may pick the child up, categories, visits."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import Child, ChildCategoryMark, Guardian
from core.domain.child_file import EvidenceKind, VisitKind
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ChildCategory
from core.extensions import actor, db, signed_in, wiring
from core.services.children.entry import FieldError, PickUpEntry
from core.services.children.keeping import find_child
from core.services.children.parts import (
    CategoryEntry,
    add_category,
    add_guardian,
    add_pick_up,
    change_guardian,
    end_category,
    find_part,
    remove_guardian,
    remove_pick_up,
)
from core.services.children.visits import VisitEntry, next_due, note_visit
from core.services.files import read_child_file
from core.web.children.forms import CategoryForm, GuardianForm, PickUpForm, VisitForm, relations
from core.web.forms import Form
from core.web.text import say

child_parts = Blueprint("child_parts", __name__, url_prefix="/children")
Page = str | Response | tuple[str, int]
_KEPT = frozenset({"name", "phones", "address"})


@child_parts.route("/<uuid:child_id>/guardians/new", methods=["GET", "POST"])
def new_guardian(child_id: UUID) -> Page:
    """Add a guardian."""
    app, child, form = wiring(), find_child(db.session, child_id), GuardianForm()
    form.relation.choices = relations()
    if form.validate_on_submit():
        try:
            add_guardian(db.session, actor(), app.clock, child_id, form.entry(), demo=app.settings.demo)
        except FieldError as error:
            refuse_at(form, error)
        else:
            return _back(child, _("The guardian is added."))
    return small_page(form, child, _("New guardian"))


@child_parts.route("/guardians/<uuid:guardian_id>", methods=["GET", "POST"])
def guardian(guardian_id: UUID) -> Page:
    """Change a guardian; what is left empty stays as it is."""
    app, row, form = wiring(), find_part(db.session, Guardian, guardian_id), GuardianForm()
    form.relation.choices = relations()
    child = find_child(db.session, row.child_id)
    if not form.is_submitted():
        form.relation.data = row.relation.value
    if form.validate_on_submit():
        try:
            change_guardian(db.session, actor(), app.clock, guardian_id, form.entry(_KEPT), demo=app.settings.demo)
        except FieldError as error:
            refuse_at(form, error)
        else:
            return _back(child, _("The guardian is changed."))
    return small_page(form, child, _("Change a guardian"), lead=_("What is left empty stays as it is."))


@child_parts.post("/guardians/<uuid:guardian_id>/remove")
def drop_guardian(guardian_id: UUID) -> Response:
    """Take a guardian out of the file."""
    child = remove_guardian(db.session, actor(), wiring().clock, guardian_id)
    return _back(child, _("The guardian is taken out of the file."))


@child_parts.route("/<uuid:child_id>/pick-ups/new", methods=["GET", "POST"])
def new_pick_up(child_id: UUID) -> Page:
    """Note somebody who may pick the child up, or may not."""
    app, child, form = wiring(), find_child(db.session, child_id), PickUpForm()
    form.offer()
    if form.validate_on_submit():
        entry = PickUpEntry(
            allowed=form.allowed.data == "yes",
            name=form.name.data,
            relation=form.relation.data or None,
            phone=form.phone.data or None,
            note=form.note.data or None,
        )
        try:
            add_pick_up(db.session, actor(), app.clock, child_id, entry, demo=app.settings.demo)
        except FieldError as error:
            refuse_at(form, error)
        else:
            return _back(child, _("Noted."))
    return small_page(form, child, _("Who may pick the child up, and who may not"))


@child_parts.post("/pick-ups/<uuid:person_id>/remove")
def drop_pick_up(person_id: UUID) -> Response:
    """Take a person for the pick-up out of the file."""
    child = remove_pick_up(db.session, actor(), wiring().clock, person_id)
    return _back(child, _("The person is taken out of the file."))


@child_parts.route("/<uuid:child_id>/categories/new", methods=["GET", "POST"])
def new_category(child_id: UUID) -> Page:
    """Note that the child is of a category."""
    app, child, form = wiring(), find_child(db.session, child_id), CategoryForm()
    form.offer()
    if form.validate_on_submit():
        entry = CategoryEntry(
            category=ChildCategory(form.category.data),
            from_day=form.from_day.data,
            evidence=EvidenceKind(form.evidence.data) if form.evidence.data else None,
            evidence_day=form.evidence_day.data,
            evidence_note=form.evidence_note.data or "",
            file_name=(form.file.data.filename or "") if form.file.data else "",
            file=form.file.data.read() if form.file.data else b"",
        )
        try:
            add_category(db.session, actor(), app.clock, child_id, entry, today=app.today())
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            return _back(child, _("The category is noted."))
    return small_page(form, child, _("New category"))


@child_parts.post("/categories/<uuid:mark_id>/evidence")
def proof(mark_id: UUID) -> Response:
    """Send the scan of a category's evidence to whoever has leave to read it; that it was read is noted."""
    row = find_part(db.session, ChildCategoryMark, mark_id)
    if row.evidence_file_id is None:
        raise NotFoundError(Message("There is no such entry."))
    kept, content = read_child_file(db.session, actor(), wiring().clock, row.evidence_file_id)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(content, mimetype=kept.media_type.value, headers=headers)


@child_parts.post("/categories/<uuid:mark_id>/end")
def finish_category(mark_id: UUID) -> Response:
    """Note that the child is of the category until today."""
    app = wiring()
    child = end_category(db.session, actor(), app.clock, mark_id, until=app.today(), today=app.today())
    return _back(child, _("The category ends today; it stays in the file."))


@child_parts.route("/<uuid:child_id>/visits/new", methods=["GET", "POST"])
def new_visit(child_id: UUID) -> Page:
    """Note a visit, a call or a check of the data."""
    app, child, form = wiring(), find_child(db.session, child_id), VisitForm()
    form.kind.choices = [(kind.value, say(kind.label)) for kind in VisitKind]
    if not form.is_submitted():
        found = signed_in()
        form.visited_on.data, form.visitor.data = app.today(), found.name if found else ""
    if form.validate_on_submit():
        entry = VisitEntry(
            kind=VisitKind(form.kind.data),
            visited_on=form.visited_on.data,
            visitor=form.visitor.data,
            checked=form.checked.data,
            next_due=form.next_due.data,
        )
        try:
            note_visit(db.session, actor(), app.clock, child_id, entry, today=app.today())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            return _back(child, _("The visit is noted."))
    due = next_due(db.session, child, app.today())
    return small_page(form, child, _("Note a visit"), lead=_("Due by %(day)s.", day=due.isoformat()))


def small_page(form: Form, child: Child, title: str, *, lead: str = "", danger: bool = False) -> Page:
    """Return the page of a form of a few fields about a child."""
    page = render_template("children/small.html", form=form, child=child, title=title, lead=lead, danger=danger)
    return page, 422 if form.errors else 200


def refuse_at(form: Form, error: FieldError) -> None:
    """Show an error at the field that it is about, above the form where the form has none of that name."""
    form.refuse(error, form[error.field] if error.field in form.data else None)


def _back(child: Child, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("children.page", child_id=child.id))
