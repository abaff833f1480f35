"""The program's pages: courses with their modules and make-ups, and the questionnaire under grant."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from core.plugin_api import (
    Capability,
    ConflictError,
    InvalidInputError,
    MenuEntry,
    Message,
    WebPart,
    account_names,
    actor,
    child_facts,
    children_of,
    db,
    may,
    today,
    wiring,
)
from plugins.sst import overview, queries, services
from plugins.sst.forms import AnswersForm, GrantForm
from plugins.sst.models import Occasion
from plugins.sst.queries import Course

Page = str | Response | tuple[str, int]
blueprint = Blueprint("sst", __name__, url_prefix="/sst", template_folder="templates")
_USUAL_DAYS: Final = timedelta(days=30)


@blueprint.get("/courses")
def courses() -> str:
    """List the group courses in reach."""
    found = queries.courses(db.session, today())
    sizes = {course.id: len(children_of(db.session, course.id)) for course in found}
    return render_template(
        "sst/courses.html",
        courses=found,
        sizes=sizes,
        now=wiring().wall_clock(),
        approves=may(actor().role, Capability.APPROVE_GRANTS),
    )


@blueprint.get("/courses/<uuid:activity_id>")
def course(activity_id: UUID) -> str:
    """Show a course: its modules with their days, who missed which, and where that is made up."""
    found = _course(activity_id)
    return render_template(
        "sst/course.html",
        course=found,
        modules=overview.modules(db.session, found, today()),
        size=len(children_of(db.session, found.id)),
        now=wiring().wall_clock(),
    )


@blueprint.get("/courses/<uuid:activity_id>/answers")
def answers(activity_id: UUID) -> str:
    """Show the questionnaire: to ask for a grant, or, with one, to enter answers. Nothing of them is on this page."""
    return _answers_page(_course(activity_id), GrantForm(data={"valid_until": today() + _USUAL_DAYS}), None)


@blueprint.post("/courses/<uuid:activity_id>/grant")
def ask(activity_id: UUID) -> Page:
    """Ask for a grant."""
    found, form = _course(activity_id), GrantForm()
    if not form.validate():
        return _answers_page(found, form, None), 422
    try:
        services.ask_for_grant(
            db.session,
            actor(),
            wiring().clock,
            found,
            reason=form.reason.data,
            valid_until=form.valid_until.data,
            today=today(),
        )
    except InvalidInputError:
        last = today() + services.LONGEST
        form.valid_until.errors = [_("Choose a day from today to %(last)s.", last=last.isoformat())]
        return _answers_page(found, form, None), 422
    flash(_("Asked. Somebody else in charge has to approve it."), "success")
    return redirect(url_for("sst.answers", activity_id=activity_id))


@blueprint.post("/courses/<uuid:activity_id>/answers")
def enter(activity_id: UUID) -> Page:
    """Seal what a child answered."""
    found = _course(activity_id)
    form = _answers_form(found)
    if not form.validate():
        return _answers_page(found, GrantForm(formdata=None), form), 422
    services.enter_answers(
        db.session,
        actor(),
        wiring().clock,
        found,
        child_id=UUID(form.child.data),
        occasion=Occasion(form.occasion.data),
        scores=[int(field.data) for field in form.scores],
        today=today(),
    )
    flash(_("The answers are sealed."), "success")
    return redirect(url_for("sst.answers", activity_id=activity_id))


@blueprint.post("/courses/<uuid:activity_id>/answers/open")
def open_answers(activity_id: UUID) -> str:
    """Show what the children answered; the look goes on record."""
    found = _course(activity_id)
    scores = services.open_answers(db.session, actor(), wiring().clock, found, today=today())
    facts = child_facts(db.session, sorted({one.child_id for one in scores}), today())
    given = {(one.child_id, one.occasion.value): one for one in scores}
    return render_template(
        "sst/opened.html", course=found, children=facts, given=given, questions=_questions(found), occasions=Occasion
    )


@blueprint.get("/grants")
def grants() -> str:
    """List who has asked for which course's answers, and who may open them now."""
    return _grants_page()


def _grants_page(refusal: Message | None = None) -> str:
    rows = db.session.scalars(queries.grants_from(today())).all()
    people = {row.user_id for row in rows} | {row.approved_by_id for row in rows if row.approved_by_id is not None}
    titles = {found.id: found.title for found in queries.courses(db.session, today())}
    return render_template(
        "sst/grants.html",
        grants=rows,
        names=account_names(db.session, people),
        titles=titles,
        me=actor().user_id,
        refusal=refusal,
    )


@blueprint.post("/grants/<uuid:grant_id>/approve")
def approve(grant_id: UUID) -> Response:
    """Approve what somebody else has asked for."""
    services.approve(db.session, actor(), wiring().clock, grant_id)
    flash(_("Approved."), "success")
    return redirect(url_for("sst.grants"))


@blueprint.post("/grants/<uuid:grant_id>/refuse")
def refuse(grant_id: UUID) -> Page:
    """Refuse what somebody has asked for, with a reason."""
    try:
        services.refuse(db.session, actor(), wiring().clock, grant_id, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _grants_page(error.message), 422
    flash(_("Refused; whoever asked reads why."), "success")
    return redirect(url_for("sst.grants"))


@blueprint.post("/grants/<uuid:grant_id>/end")
def end(grant_id: UUID) -> Response:
    """Take a grant back, or take away what was asked for."""
    services.end_grant(db.session, actor(), wiring().clock, grant_id)
    flash(_("The grant is ended."), "success")
    return redirect(url_for("sst.grants"))


def _course(activity_id: UUID) -> Course:
    return queries.course(db.session, today(), activity_id)


def _questions(found: Course) -> tuple[Message | str, ...]:
    return services.questions(db.session, found.station_id)


def _answers_form(found: Course) -> AnswersForm:
    form = AnswersForm()
    children = child_facts(db.session, sorted(children_of(db.session, found.id)), today())
    # Of a child whose data is under restricted use nothing new is entered.
    form.child.choices = [
        SelectChoice(str(child.id), f"{child.number} {child.name}") for child in children if not child.restricted
    ]
    return form


def _answers_page(found: Course, asking: GrantForm, form: AnswersForm | None) -> str:
    if not found.curriculum.questionnaire:
        raise ConflictError(Message("This course has no questionnaire."))
    user = actor().user_id
    mine = () if user is None else db.session.scalars(queries.grants_of(found.id, user)).all()
    held = services.grant_held(db.session, actor(), found, today())
    return render_template(
        "sst/answers.html",
        course=found,
        grant=held,
        waiting=[row for row in mine if row.approved_at is row.refused_at is None and row.valid_until >= today()],
        refused=next((row for row in mine if row.refused_at is not None and row.valid_until >= today()), None),
        asking=asking,
        form=(form or _answers_form(found)) if held else None,
        questions=_questions(found),
    )


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="sst",
    mount=_mount,
    permissions={
        "sst.courses": Capability.SEE_PLANS,
        "sst.course": Capability.SEE_PLANS,
        "sst.answers": Capability.KEEP_CHILDREN,
        "sst.ask": Capability.ASK_FOR_FIELDS,
        "sst.enter": Capability.KEEP_CHILDREN,
        "sst.open_answers": Capability.ASK_FOR_FIELDS,
        "sst.grants": Capability.APPROVE_GRANTS,
        "sst.approve": Capability.APPROVE_GRANTS,
        "sst.end": Capability.APPROVE_GRANTS,
        "sst.refuse": Capability.APPROVE_GRANTS,
    },
    menu=(MenuEntry(Message("Group courses"), "sst.courses"),),
    deeds={
        "sst.grant_asked": Message("Asked for the answers of a course"),
        "sst.grant_approved": Message("Gave the answers of a course"),
        "sst.grant_refused": Message("Refused the answers of a course"),
        "sst.grant_ended": Message("Ended a grant for the answers of a course"),
        "sst.answers_entered": Message("Entered answers of a questionnaire"),
        "sst.answers_opened": Message("Looked at answers of a questionnaire"),
    },
)
