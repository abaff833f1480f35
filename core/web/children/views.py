"""Views of children's files: the list, a file, a new one, a change."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.models import Child, Station
from core.db.queries import activities as activity_queries
from core.db.queries import children as queries
from core.db.scope import scope_of
from core.domain.ages import age_on, school_year
from core.domain.child_file import EvidenceKind, Grade, IdDocument
from core.domain.errors import Message, NotFoundError
from core.domain.vocabulary import ChildCategory, SensitiveField
from core.extensions import actor, db, own_station, wiring
from core.services.children.digest import digest_of
from core.services.children.duplicates import likenesses, likenesses_of
from core.services.children.entry import FieldError, checked_entry
from core.services.children.finding import Wanted, find_children
from core.services.children.keeping import StaleFileError, change_child, create_child, find_child
from core.services.merging.undoing import can_unmerge
from core.web.children.forms import ChildForm, NewChildForm, filled
from core.web.children.sight import hidden_beside, open_all, readable
from core.web.children.words import table_names
from core.web.showing import sensitive_part, show_fields
from core.web.text import say

children = Blueprint("children", __name__, url_prefix="/children")
_PAGE_DIGITS = 5
NOTHING_OPEN: frozenset[SensitiveField] = frozenset()
Page = str | Response | tuple[str, int]


@children.route("/", methods=["GET", "POST"])
def listed() -> Page:
    """Show the files; what somebody looks for is posted, so that no name stands in an address or a log."""
    if request.method == "POST":
        db.only_ask()
    looked_for = request.form.get("looked_for", "").strip()
    if request.method == "POST" and not looked_for:
        return redirect(url_for("children.listed", _external=False, **_filters(request.form)), 303)
    asked = request.form if looked_for else request.args
    wanted = _wanted(asked, looked_for)
    year = school_year(wiring().today())
    return render_template(
        "children/listed.html",
        found=find_children(db.session, wanted, school_year=year),
        wanted=wanted,
        filters=_filters(asked),
        stations=stations_in_reach(),
        groups=db.session.scalars(activity_queries.groups()).all(),
        grades=list(Grade),
        age=lambda born: age_on(born, wiring().today()),
    )


@children.get("/<uuid:child_id>")
def page(child_id: UUID) -> Page:
    """Show a file; the address of one that was merged into another leads on to that."""
    try:
        child = find_child(db.session, child_id)
    except NotFoundError:
        merged = db.session.scalars(queries.merged_from(child_id)).first()
        if merged is None:
            raise
        return redirect(url_for("children.page", child_id=merged))
    return _page(child)


@children.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Make a file with a guardian; files that may be of the same child are shown before anything is kept."""
    form = NewChildForm()
    _offer(form)
    if not form.is_submitted():
        form.station.data = str(own_station())
    like = []
    if form.validate_on_submit():
        try:
            like = [] if form.another.data else _likenesses(form)
            if not like:
                return _created(form)
        except FieldError as error:
            refuse_at(form, error)
    return render_template("children/new.html", form=form, likenesses=like), 422 if form.errors or like else 200


@children.post("/<uuid:child_id>/show")
def show(child_id: UUID) -> Page:
    """Show a file with all that the reader has leave for; that it was read is noted."""
    child = find_child(db.session, child_id)
    return _page(child, show_fields(child))


@children.route("/<uuid:child_id>/edit", methods=["GET", "POST"])
def edit(child_id: UUID) -> Page:
    """Change a file; of what the person may not read, an empty field keeps what is stored."""
    child = find_child(db.session, child_id)
    if request.method == "GET" or "open" in request.form:
        opened = open_all(child) if request.method == "POST" else NOTHING_OPEN
        form = filled(child, hidden_beside(opened))
        _offer(form, keeps=True)
        return _edit_page(form, child)
    form = ChildForm()
    _offer(form, keeps=True)
    form.station.data = str(child.station_id)
    if form.validate():
        try:
            _change(form, child)
        except FieldError as error:
            refuse_at(form, error)
        except StaleFileError as error:
            form.refuse(error)
            form.version.data = str(child.version)
        else:
            flash(_("The file is saved."), "success")
            return redirect(url_for("children.page", child_id=child_id))
    return _edit_page(form, child)


def _change(form: ChildForm, child: Child) -> None:
    app, version = wiring(), form.version.data or ""
    change_child(
        db.session,
        actor(),
        app.clock,
        child.id,
        form.entry(form.kept()),
        version=int(version) if version.isdecimal() else 0,
        today=app.today(),
        demo=app.settings.demo,
    )


def _edit_page(form: ChildForm, child: Child) -> Page:
    page_shown = render_template(
        "children/edit.html",
        form=form,
        child=child,
        hidden=form.kept(),
        can_open=_can_open(child),
        theirs=_theirs(form, child) if form.errors else (),
    )
    return page_shown, 422 if form.errors else 200


def _theirs(form: ChildForm, child: Child) -> list[tuple[str, str]]:
    """Return what a file says in those fields that everybody sees, where the form says something else."""
    return [
        (form[name].label.text, _in_words(form, name, stored))
        for name in ("number", "name", "sex", "school", "grade")
        if (stored := getattr(child, name)) != (form[name].data or None)
    ]


def _in_words(form: ChildForm, name: str, stored: str | None) -> str:
    choices = dict(getattr(form[name], "choices", None) or ())
    return str(choices.get(stored, stored)) if stored else ""


def _can_open(child: Child) -> bool:
    return bool(readable(child))


def _page(child: Child, opened: frozenset[SensitiveField] = NOTHING_OPEN) -> Page:
    digest, today = digest_of(db.session, child), wiring().today()
    turns = db.session.scalars(queries.turns_of(child.id)).all()
    groups = [name for _child, name in db.session.execute(queries.groups_of([child.id]))]
    return render_template(
        "children/page.html",
        child=child,
        digest=digest,
        age=age_on(digest.born, today),
        grade=digest.grade_in(school_year(today)),
        station=db.session.get_one(Station, child.station_id),
        groups=groups,
        likenesses=likenesses_of(db.session, child),
        visits=db.session.scalars(queries.visits_of(child.id)).all(),
        turns=turns,
        opened={one.value for one in opened},
        part=sensitive_part(child, opened),
        today=today,
        documents=IdDocument,
        evidence=EvidenceKind,
        categories=ChildCategory,
        table_names=table_names(),
        # Only the last merging is taken back: what came after it stands on it.
        undoable=next((turn.id for turn in turns if can_unmerge(turn, wiring().clock.now())), None),
        restriction=db.session.scalars(queries.restriction_of(child.id)).first(),
    )


def refuse_at(form: ChildForm, error: FieldError) -> None:
    """Show an error at the field that it is about, above the form where the form has none of that name."""
    known = {"phones": "guardian_phones"}
    name = known.get(error.field, error.field)
    form.refuse(error, form[name] if name in form.data else None)


def stations_in_reach() -> list[tuple[str, str]]:
    """Return the stations whose files the reader reaches, by name."""
    scope = scope_of(db.session)
    rows = db.session.execute(select(Station.id, Station.name).order_by(Station.name))
    return [(str(key), name) for key, name in rows if scope.everything or key in scope.stations]


def _offer(form: ChildForm, *, keeps: bool = False) -> None:
    form.offer(stations_in_reach(), keeps=keeps)


def _likenesses(form: NewChildForm) -> list[object]:
    app = wiring()
    entry = checked_entry(form.entry(), today=app.today(), demo=app.settings.demo)
    return list(likenesses(db.session, entry))


def _created(form: NewChildForm) -> Response:
    app = wiring()
    child = create_child(
        db.session,
        actor(),
        app.clock,
        UUID(form.station.data),
        form.entry(),
        form.guardians(),
        today=app.today(),
        demo=app.settings.demo,
    )
    flash(say(Message("The file %(number)s is made.", {"number": child.number})), "success")
    return redirect(url_for("children.page", child_id=child.id))


def _wanted(asked: dict[str, str], looked_for: str) -> Wanted:
    filters = _filters(asked)
    page_number = asked.get("page", "")
    return Wanted(
        looked_for=looked_for[:80],
        group=_key(filters.get("group")),
        station=_key(filters.get("station")),
        grade=Grade(filters["grade"]) if "grade" in filters else None,
        left="left" in filters,
        page=int(page_number) if page_number.isdigit() and len(page_number) <= _PAGE_DIGITS else 1,
    )


def _filters(asked: dict[str, str]) -> dict[str, str]:
    """Return the filters that make sense; the others are as if they weren't there."""
    made = {name: asked[name] for name in ("group", "station") if _key(asked.get(name)) is not None}
    if asked.get("grade") in {grade.value for grade in Grade}:
        made["grade"] = asked["grade"]
    if asked.get("left"):
        made["left"] = "1"
    return made


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
