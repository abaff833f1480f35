"""Views of activities."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import Activity, Term
from core.db.models.activity import ActivityState
from core.db.queries import activities as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.hooks.calling import PluginFailedError
from core.hooks.types import ActivityTemplate, ActivityType
from core.security.permissions import allows
from core.services.activities import RoleDraft, activity_type, add_activity, change_activity, described, find_activity
from core.services.activity_batches import draft_of
from core.services.activity_states import hand_in
from core.services.planning.feasibility import Outlook, feasibility, outlooks
from core.services.program_switches import programs_switched_off
from core.services.settings import offers_of
from core.services.timetable import current_term
from core.web.activities import words
from core.web.activities.batches import STATES, steps
from core.web.activities.forms import ActivityForm, form_for
from core.web.activities.words import Answer
from core.web.text import say

activities = Blueprint("activities", __name__, url_prefix="/activities")
Page = str | Response | tuple[str, int]

_SAVED = {
    ActivityState.DRAFT: Message("The activity is saved as a draft: it is planned once you say that it is complete."),
    ActivityState.SUBMITTED: Message("The activity is saved and waits for the head of the station."),
    ActivityState.READY: Message(
        "The activity is saved. The timetable changes when the term is planned and published again."
    ),
}


@activities.get("/")
def listed() -> str:
    """List the activities of a term."""
    terms = list(db.session.scalars(queries.terms()))
    asked = next((term for term in terms if str(term.id) == request.args.get("term")), None)
    term = asked or current_term(terms, wiring().today(), actor().station_id)
    rows = db.session.scalars(queries.activities_listed(term.id)).all() if term else []
    return render_template(
        "activities/listed.html",
        terms=terms,
        term=term,
        rows=rows,
        hooks=wiring().hooks,
        off=programs_switched_off(db.session, term.station_id) if term else (),
        states=STATES,
        steps=steps(),
        outlooks=_outlooks(term) if term else {},
        words=words,
    )


@activities.get("/new/<uuid:term_id>")
def choose(term_id: UUID) -> str:
    """Ask of which type the new activity is."""
    hooks, term = wiring().hooks, _term(term_id)
    off = programs_switched_off(db.session, term.station_id)
    kinds: dict[str, list[ActivityType]] = {}
    for key, kind in sorted(hooks.activity_types.items()):
        if (program := key.partition(".")[0]) not in off:
            kinds.setdefault(program, []).append(kind)
    earlier = db.session.scalars(queries.activities_of_other_terms(term)).all()
    return render_template(
        "activities/choose.html",
        term=term,
        kinds=kinds,
        programs=hooks.programs,
        off=[say(hooks.programs[key].name) for key in sorted(off) if key in hooks.programs],
        earlier=earlier,
    )


@activities.route("/new/<uuid:term_id>/<type_key>", methods=["GET", "POST"])
def new(term_id: UUID, type_key: str) -> Page:
    """Describe a new activity of a type."""
    app, term, kind = wiring(), _term(term_id), activity_type(wiring().hooks, type_key)
    form, roles = _form(kind, term)
    if form.validate_on_submit():
        try:
            added = add_activity(db.session, actor(), app.clock, app.hooks, term.id, form.draft(roles))
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            return _saved(added)
    return _form_page(form, kind, term)


@activities.route("/<uuid:activity_id>", methods=["GET", "POST"])
def edit(activity_id: UUID) -> Page:
    """Change an activity; the published timetable changes only with the next plan."""
    app, activity = wiring(), find_activity(db.session, activity_id)
    kind, term = activity_type(app.hooks, activity.type_key), _term(activity.term_id)
    form, roles = _form(kind, term, activity)
    if form.validate_on_submit():
        try:
            change_activity(db.session, actor(), app.clock, app.hooks, activity.id, form.draft(roles))
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            return _saved(activity)
    return _form_page(form, kind, term, activity)


def _template(kind: ActivityType) -> ActivityTemplate | None:
    """Return the template that the address asks for, by its number from 0."""
    number = request.args.get("template", type=int)
    return kind.templates[number] if number is not None and 0 <= number < len(kind.templates) else None


@activities.post("/feasible/<uuid:term_id>/<type_key>")
def feasible(term_id: UUID, type_key: str) -> Page:
    """Say of a form as it stands whether its activity can be held; nothing is stored.

    A page that asks by script gets the answer alone, a form that was sent gets the form again with the answer in it.
    """
    db.only_ask()
    term, kind = _term(term_id), activity_type(wiring().hooks, type_key)
    activity = find_activity(db.session, _asked_activity()) if "activity" in request.args else None
    form, roles = _form(kind, term, activity)
    answer = _answer(form, roles, term, activity)
    if "HX-Request" in request.headers:
        return render_template("activities/feasible.html", answer=answer, words=words)
    return _form_page(_form(kind, term, activity)[0], kind, term, activity, answer)


def _asked_activity() -> UUID:
    try:
        return UUID(request.args["activity"])
    except ValueError:
        raise NotFoundError(Message("There is no such activity.")) from None


def _answer(form: ActivityForm, roles: Sequence[RoleDraft], term: Term, activity: Activity | None) -> Answer:
    if missing := form.unfinished():
        return Answer(missing=tuple(missing))
    app, known = wiring(), activity.id if activity else None
    meant = described(db.session, app.hooks, term, form.draft(roles), known)
    try:
        found = feasibility(db.session, app.hooks, term, meant, timezone=app.settings.timezone, now=app.wall_clock())
    except PluginFailedError as error:
        return Answer(trouble=error.message)
    return Answer(found=found)


def _outlooks(term: Term) -> Mapping[UUID, Outlook]:
    """Return whether the term's activities work, for those who could mend them."""
    app = wiring()
    if not allows(app.permissions, "activities.feasible", actor().role):
        return {}
    return outlooks(db.session, app.hooks, term, timezone=app.settings.timezone, now=app.wall_clock())


def _form(kind: ActivityType, term: Term, activity: Activity | None = None) -> tuple[ActivityForm, list[RoleDraft]]:
    """Return the form of an activity, new or stored, and its roles as they are before the form gives their numbers."""
    roles = list(
        draft_of(activity).roles
        if activity
        else [RoleDraft(need.role, need.skill, need.required, need.wanted, need.continuity) for need in kind.roles]
    )
    template = None if activity else _template(kind)
    return _offering(form_for(kind, roles, activity, offers_of(db.session, kind, term), template)), roles


def _term(term_id: UUID) -> Term:
    term = db.session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    return term


def _offering(form: ActivityForm) -> ActivityForm:
    rooms, venues, groups = (
        db.session.scalars(select).all() for select in (queries.rooms(), queries.venues(), queries.groups())
    )
    form.offer(rooms, venues, groups)
    return form


def _form_page(
    form: ActivityForm, kind: ActivityType, term: Term, activity: Activity | None = None, answer: Answer | None = None
) -> Page:
    page = render_template(
        "activities/form.html", form=form, kind=kind, term=term, activity=activity, answer=answer, words=words
    )
    return page, 422 if form.errors else 200


def _saved(activity: Activity) -> Response:
    """Tell how far the activity has got; the button says whether it is complete."""
    if "complete" in request.form:
        hand_in(db.session, actor(), wiring().clock, [activity.id])
    flash(say(_SAVED[activity.state]), "success")
    if request.form.get("complete") == "another":
        return redirect(url_for("activities.choose", term_id=activity.term_id))
    return redirect(url_for("activities.listed", term=activity.term_id))
