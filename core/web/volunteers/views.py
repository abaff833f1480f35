"""Views of the list of people, of one person's file, and of each step on the way."""

from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import User, Volunteer
from core.db.queries import volunteers as queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.serving import Stage, Step, is_adult
from core.domain.vocabulary import Skill, VolunteerKind
from core.extensions import actor, db, own_station, wiring
from core.security.permissions import may
from core.services.clearances import call_list, holds_until, note_check
from core.services.people_list import CheckState, Wanted, check_state, people_listed
from core.services.volunteer_files import change_file, open_file
from core.services.volunteering import (
    PAID,
    Action,
    find_person,
    missing,
    next_action,
    note_step,
    possible,
    sessions_ahead,
)
from core.web.volunteers.forms import CheckForm, PersonForm, SkillForm, StepForm

volunteers = Blueprint("volunteers", __name__, url_prefix="/volunteers")
Page = str | Response | tuple[str, int]
Word = TypeVar("Word", bound=StrEnum)

#: What each step's page says about itself.
_STEPS: Final = {
    Step.INTERVIEWED: Message("Note the interview"),
    Step.TRAINED: Message("Note the training"),
    Step.ACCEPTED: Message("Accept this person"),
    Step.REFUSED: Message("Refuse this application"),
    Step.WITHDRAWN: Message("The application was withdrawn"),
    Step.LEFT: Message("This person leaves"),
    Step.APPLIED: Message("This person comes back"),
}
ACTIONS: Final = {
    Action.INTERVIEW: Step.INTERVIEWED,
    Action.TRAINING: Step.TRAINED,
    Action.ACCEPT: Step.ACCEPTED,
    Action.COME_BACK: Step.APPLIED,
}


@volunteers.get("/")
def listed() -> str:
    """List people, narrowed by what the address asks for."""
    wanted = Wanted(
        stage=_asked("stage", Stage),
        kind=_asked("kind", VolunteerKind),
        check=_asked("check", CheckState),
        skill=_asked("skill", Skill),
    )
    rows = people_listed(db.session, wanted, today=wiring().today())
    words = {"stage": Stage, "kind": VolunteerKind, "check": CheckState, "skill": Skill}
    return render_template("volunteers/listed.html", rows=rows, wanted=wanted, words=words)


@volunteers.get("/checks")
def checks() -> str:
    """Show whom to ask for a check, and who works here without a file."""
    today = wiring().today()
    return render_template(
        "volunteers/checks.html",
        due=call_list(db.session, today=today),
        accounts=db.session.scalars(queries.accounts_without_file()).all(),
        phones=may(actor().role, Capability.KEEP_VOLUNTEERS),
        today=today,
    )


@volunteers.get("/<uuid:volunteer_id>")
def page(volunteer_id: UUID) -> str:
    """Show a person's file: where they stand, what is missing and the one thing to do next."""
    return file_page(find_person(db.session, volunteer_id))


def file_page(row: Volunteer, skill_form: SkillForm | None = None) -> str:
    """Return the page of a file, with a form for a skill as it was sent."""
    app, today = wiring(), wiring().today()
    until = holds_until(row, today=today)
    return render_template(
        "volunteers/page.html",
        row=row,
        until=until,
        check=check_state(until, today=today),
        missing=missing(row, today=today) if row.stage is Stage.APPLICANT else (),
        action=next_action(row, today=today),
        actions=ACTIONS,
        possible=[step for step in (Step.REFUSED, Step.WITHDRAWN, Step.LEFT) if possible(row, step)],
        steps=_STEPS,
        adult=is_adult(row.birth_date, today),
        private=may(actor().role, Capability.KEEP_VOLUNTEERS),
        authors=_authors(row),
        ahead=sessions_ahead(db.session, row.id, now=app.wall_clock()),
        skill_form=skill_form or SkillForm(formdata=None),
        claimed=[Skill(code) for code in row.claimed_skills],
        today=today,
    )


def _authors(row: Volunteer) -> dict[UUID, str]:
    """Return who noted steps and checks, by the ids of their accounts."""
    noted = {*(one.noted_by for one in row.steps), *(one.noted_by for one in row.clearances)}
    ids = {key for key in noted if key is not None}
    found = (db.session.get(User, key) for key in ids)
    return {user.id: user.display_name or user.login for user in found if user is not None}


@volunteers.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Open a file for somebody whom the station enters itself, for one of its own accounts if the address says so."""
    app, account = wiring(), _account()
    form = PersonForm(
        data={
            "active": True,
            "max_sessions": 12,
            "max_per_day": 1,
            "kind": VolunteerKind.STAFF if account else VolunteerKind.TEACHER,
            "name": account.display_name if account else "",
        }
    )
    if form.validate_on_submit():
        try:
            draft = form.draft(today=app.today(), demo=app.settings.demo)
            station = account.station_id if account else own_station()
            row = open_file(
                db.session,
                actor(),
                app.clock,
                station,
                draft,
                today=app.today(),
                account_id=account.id if account else None,
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("The file is open. What is still missing is on it."), "success")
            return _to(row)
    return render_template("volunteers/form.html", form=form, row=None), 422 if form.errors else 200


def _account() -> User | None:
    try:
        key = UUID(request.args.get("account", ""))
    except ValueError:
        return None
    return db.session.scalars(queries.accounts_without_file().where(User.id == key)).one_or_none()


@volunteers.route("/<uuid:volunteer_id>/edit", methods=["GET", "POST"])
def edit(volunteer_id: UUID) -> Page:
    """Change a person's own data."""
    app, row = wiring(), find_person(db.session, volunteer_id)
    form = PersonForm.of(row)
    if form.validate_on_submit():
        try:
            draft = form.draft(today=app.today(), demo=app.settings.demo)
            change_file(db.session, actor(), app.clock, row, draft, today=app.today())
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("The file is saved."), "success")
            return _to(row)
    return render_template("volunteers/form.html", form=form, row=row), 422 if form.errors else 200


@volunteers.route("/<uuid:volunteer_id>/steps/<step>", methods=["GET", "POST"])
def step(volunteer_id: UUID, step: str) -> Page:
    """Note a step on the way in or out; what it would do to published sessions is shown first."""
    return _step(volunteer_id, _named(step, frozenset(_STEPS) - {Step.ACCEPTED}))


@volunteers.route("/<uuid:volunteer_id>/accept", methods=["GET", "POST"])
def accept(volunteer_id: UUID) -> Page:
    """Accept somebody of whom nothing is missing."""
    return _step(volunteer_id, Step.ACCEPTED)


def _step(volunteer_id: UUID, step: Step) -> Page:
    app, row = wiring(), find_person(db.session, volunteer_id)
    form = StepForm(data={"happened_on": app.today()})
    if form.validate_on_submit():
        try:
            note_step(
                db.session,
                actor(),
                app.clock,
                row,
                step,
                happened_on=form.happened_on.data,
                today=app.today(),
                note=form.note.data or "",
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(_("It is noted."), "success")
            return _to(row)
    ahead = sessions_ahead(db.session, row.id, now=app.wall_clock()) if step is Step.LEFT else ()
    page = render_template(
        "volunteers/step.html", form=form, row=row, step=step, title=_STEPS[step], ahead=ahead, paid=row.kind in PAID
    )
    return page, 422 if form.errors else 200


@volunteers.route("/<uuid:volunteer_id>/check", methods=["GET", "POST"])
def check(volunteer_id: UUID) -> Page:
    """Note the outcome of a background check; after one that was not passed show what the person is assigned to."""
    app, row = wiring(), find_person(db.session, volunteer_id)
    form = CheckForm(data={"checked_on": app.today()})
    if form.validate_on_submit():
        draft = form.draft()
        try:
            note_check(db.session, actor(), app.clock, row, draft, today=app.today())
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            return _after_check(row, passed=draft.passed)
    return render_template("volunteers/check.html", form=form, row=row), 422 if form.errors else 200


def _after_check(row: Volunteer, *, passed: bool) -> Page:
    if passed:
        flash(_("The check is noted. It holds for a year."), "success")
        return _to(row)
    ahead = sessions_ahead(db.session, row.id, now=wiring().wall_clock())
    return render_template("volunteers/failed.html", row=row, ahead=ahead)


def _named(text: str, allowed: frozenset[Step]) -> Step:
    found = next((step for step in allowed if step.value == text), None)
    if found is None:
        raise NotFoundError(Message("There is no such step."))
    return found


def _asked(name: str, words: type[Word]) -> Word | None:
    """Return the word that the address asks for, None for none and for what makes no sense."""
    text = request.args.get(name, "")
    return next((word for word in words if word.value == text), None)


def _to(row: Volunteer) -> Response:
    return redirect(url_for("volunteers.page", volunteer_id=row.id))
