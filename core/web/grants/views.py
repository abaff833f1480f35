"""Views of grants."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import AccessGrant, Child
from core.db.queries import children as children_queries
from core.db.queries import grants as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.extensions import actor, db, wiring
from core.services import grants as services
from core.services.grants import GLASS_LASTS, Wish
from core.web.grants.forms import AskForm, GlassForm, RefusalForm
from core.web.text import say

grants = Blueprint("grants", __name__, url_prefix="/grants")
Page = str | Response | tuple[str, int]


@grants.get("/")
def mine() -> str:
    """Show what the reader has asked for and taken."""
    found = actor().user_id
    rows = db.session.scalars(queries.grants_of(found)).all() if found else []
    return render_template("grants/mine.html", grants=rows, now=wiring().clock.now(), numbers=_numbers(rows))


@grants.route("/ask", methods=["GET", "POST"])
def ask() -> Page:
    """Ask for a grant."""
    return _asked(AskForm.of_today())


@grants.route("/ask/<uuid:child_id>", methods=["GET", "POST"])
def ask_for_child(child_id: UUID) -> Page:
    """Ask for a grant, first of all for one child."""
    return _asked(AskForm.of_today(_child(child_id).number))


@grants.route("/glass/<uuid:child_id>", methods=["GET", "POST"])
def break_glass(child_id: UUID) -> Page:
    """Say what has happened and break the glass."""
    child, form = _child(child_id), GlassForm()
    if form.validate_on_submit():
        try:
            services.break_glass(db.session, actor(), wiring().clock, child, form.reason.data)
        except InvalidInputError as error:
            form.refuse(error, form.reason)
        else:
            flash(
                _("You may read everything of file %(number)s now; the head is told.", number=child.number), "success"
            )
            return redirect(url_for("grants.mine"))
    hours = GLASS_LASTS.seconds // 3600
    page = render_template("grants/glass.html", form=form, child=child, hours=hours)
    return page, 422 if form.errors else 200


@grants.get("/desk")
def desk() -> str:
    """Show whoever decides what waits, the glass that was broken, and all grants in reach."""
    now = wiring().clock.now()
    rows = db.session.scalars(queries.grants_in_reach()).all()
    return render_template(
        "grants/desk.html",
        waiting=services.to_decide(db.session, actor(), now),
        broken=services.to_acknowledge(db.session, actor()),
        grants=rows,
        numbers=_numbers(rows),
        now=now,
    )


@grants.post("/<uuid:grant_id>/approve")
def approve(grant_id: UUID) -> Response:
    """Give what was asked for."""
    return _done(services.approve, grant_id, _("The grant is given."), "grants.desk")


@grants.route("/desk/<uuid:grant_id>/refuse", methods=["GET", "POST"])
def refuse(grant_id: UUID) -> Page:
    """Ask for the reason, and refuse what was asked for."""
    app, form = wiring(), RefusalForm()
    grant = services.find_waiting(db.session, actor(), app.clock.now(), grant_id)
    if form.validate_on_submit():
        try:
            services.refuse(db.session, actor(), app.clock, grant_id, form.reason.data)
        except InvalidInputError as error:
            form.refuse(error, form.reason)
        else:
            flash(_("The grant is refused. Whoever asked sees why."), "success")
            return redirect(url_for("grants.desk"))
    page = render_template("grants/refuse.html", form=form, grant=grant, numbers=_numbers([grant]))
    return page, 422 if form.errors else 200


@grants.post("/<uuid:grant_id>/acknowledge")
def acknowledge(grant_id: UUID) -> Response:
    """Take note of broken glass."""
    return _done(services.acknowledge, grant_id, _("You have taken note."), "grants.desk")


@grants.post("/<uuid:grant_id>/end")
def end(grant_id: UUID) -> Response:
    """End somebody's grant."""
    return _done(services.end, grant_id, _("The grant is ended."), "grants.desk")


@grants.post("/<uuid:grant_id>/give-back")
def give_back(grant_id: UUID) -> Response:
    """End one's own grant."""
    return _done(services.end, grant_id, _("The grant is ended."), "grants.mine")


def _asked(form: AskForm) -> Page:
    if form.validate_on_submit():
        try:
            services.ask(db.session, actor(), wiring().clock, _wish(form))
        except (InvalidInputError, NotFoundError) as error:
            form.refuse(error)
        else:
            flash(_("Asked for. Whoever decides sees it on their start page."), "success")
            return redirect(url_for("grants.mine"))
    return render_template("grants/ask.html", form=form), 422 if form.errors else 200


def _wish(form: AskForm) -> Wish:
    return Wish(
        purpose=form.purpose.data,
        fields=frozenset(form.wanted.data),
        children=None if form.all_children.data else frozenset(map(_numbered, form.numbers.data.split())),
        starts_at=form.starts_at,
        ends_at=form.ends_at,
    )


def _numbered(number: str) -> UUID:
    found = db.session.scalars(children_queries.children_numbered(number)).all()
    if len(found) != 1:
        raise NotFoundError(
            Message("No file has the number %(number)s, or several do: look it up.", {"number": number})
        )
    return found[0].id


def _child(child_id: UUID) -> Child:
    child = db.session.get(Child, child_id)
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    return child


def _numbers(rows: Iterable[AccessGrant]) -> dict[UUID, str]:
    """Return the numbers of the files that the grants name."""
    named = {one.child_id for row in rows for one in row.children}
    return {child.id: child.number for child in db.session.scalars(children_queries.children_by_id(named))}


def _done(deed: Callable[..., AccessGrant], grant_id: UUID, done: str, back: str) -> Response:
    """Do it to the grant and say so; where it can't be done, say why beside the others."""
    try:
        deed(db.session, actor(), wiring().clock, grant_id)
    except (ConflictError, NotAllowedError) as error:
        flash(say(error.message), "error")
    else:
        flash(done, "success")
    return redirect(url_for(back))
