"""Views of what people can do: skills that were proved, and trainings that give them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.db.models import Volunteer
from core.db.queries import volunteers as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.serving import Stage
from core.domain.vocabulary import Skill
from core.extensions import actor, db, wiring
from core.services.activities import find_activity
from core.services.trainings import completed_by, mark_training, note_completed
from core.services.volunteer_files import drop_skill, keep_skill, proof_of
from core.services.volunteering import find_person
from core.web.volunteers.forms import CompletedForm, SkillForm
from core.web.volunteers.views import Page, file_page

skills = Blueprint("skills", __name__, url_prefix="/volunteers")


@skills.post("/<uuid:volunteer_id>/skills")
def add(volunteer_id: UUID) -> Page:
    """Note a skill that was proved."""
    app, row = wiring(), find_person(db.session, volunteer_id)
    form = SkillForm()
    if form.validate():
        try:
            keep_skill(db.session, actor(), app.clock, row, form.draft(), today=app.today())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            flash(_("The skill is noted."), "success")
            return redirect(url_for("volunteers.page", volunteer_id=row.id))
    return file_page(row, form), 422


@skills.post("/<uuid:volunteer_id>/skills/drop")
def remove(volunteer_id: UUID) -> Response:
    """Take a skill away."""
    row = find_person(db.session, volunteer_id)
    skill = _skill(request.form.get("skill", ""))
    if skill is not None:
        drop_skill(db.session, actor(), wiring().clock, row, skill)
        flash(_("The skill is taken away."), "success")
    return redirect(url_for("volunteers.page", volunteer_id=row.id))


@skills.post("/<uuid:volunteer_id>/skills/proof")
def proof(volunteer_id: UUID) -> Response:
    """Hand out the copy of a skill's proof; sent as a form, since reading it is noted."""
    row, skill = find_person(db.session, volunteer_id), _skill(request.form.get("skill", ""))
    if skill is None:
        raise NotFoundError(Message("There is no such file."))
    kept, content = proof_of(db.session, actor(), wiring().clock, row, skill)
    disposition = f"attachment; filename=proof{kept.media_type.ending}"
    return Response(content, headers={"Content-Disposition": disposition}, content_type=kept.media_type.value)


@skills.get("/trainings")
def trainings() -> str:
    """List the activities that give adults a skill."""
    return render_template("volunteers/trainings.html", rows=db.session.scalars(queries.trainings()).all())


@skills.get("/trainings/<uuid:activity_id>")
def training(activity_id: UUID) -> Page:
    """Show which skill an activity gives, and who completed it."""
    return _training_page(activity_id, CompletedForm(data={"completed_on": wiring().today()}))


@skills.post("/trainings/<uuid:activity_id>")
def mark(activity_id: UUID) -> Response:
    """Say which skill an activity gives."""
    mark_training(db.session, actor(), wiring().clock, activity_id, _skill(request.form.get("skill", "")))
    flash(_("It is saved."), "success")
    return redirect(url_for("skills.training", activity_id=activity_id))


@skills.post("/trainings/<uuid:activity_id>/completed")
def completed(activity_id: UUID) -> Page:
    """Note who completed a training."""
    app, form = wiring(), CompletedForm()
    if form.validate():
        chosen = {row.id for row in _people() if str(row.id) in request.form.getlist("people")}
        try:
            added = note_completed(
                db.session,
                actor(),
                app.clock,
                activity_id,
                chosen,
                completed_on=form.completed_on.data,
                today=app.today(),
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
        else:
            flash(ngettext("%(num)s person has the skill now.", "%(num)s people have the skill now.", added), "success")
            return redirect(url_for("skills.training", activity_id=activity_id))
    return _training_page(activity_id, form)


def _training_page(activity_id: UUID, form: CompletedForm) -> Page:
    activity, people = find_activity(db.session, activity_id), _people()
    page = render_template(
        "volunteers/training.html",
        activity=activity,
        people=people,
        done=completed_by(people, activity),
        skills=Skill,
        form=form,
    )
    return page, 422 if form.errors else 200


def _people() -> list[Volunteer]:
    wanted = (Stage.APPLICANT, Stage.ACCEPTED)
    return list(db.session.scalars(queries.people().where(Volunteer.stage.in_(wanted))))


def _skill(text: str) -> Skill | None:
    return next((skill for skill in Skill if skill.value == text), None)
