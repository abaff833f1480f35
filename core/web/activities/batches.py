"""What can be done with several activities of the list at once, each step asked about where it can't be undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from core.db.models import Activity
from core.db.models.activity import ActivityState
from core.db.queries import activities as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.extensions import actor, db, wiring
from core.services import activity_states as states
from core.services.activities import find_activity
from core.services.activity_batches import change_many, copy_activities
from core.web.activities.forms import TIMES, as_id, times_in, weekday_names
from core.web.forms import Choices, Form
from core.web.text import say

batches = Blueprint("batches", __name__, url_prefix="/activities/batch")
Page = str | Response | tuple[str, int]

STATES: Mapping[ActivityState, Message] = {
    ActivityState.DRAFT: Message("Draft"),
    ActivityState.SUBMITTED: Message("Waits for approval"),
    ActivityState.READY: Message("Ready to plan"),
}


class PlainForm(Form):
    """A step that asks nothing but whether it is meant."""


class ReturnForm(Form):
    """Giving activities back."""

    note = StringField(_l("What should be changed"), [Length(max=200)])


class ChangeForm(Form):
    """What is to be the same for all of them; what is left empty stays as it is."""

    times = StringField(_l("Possible starting times"), [Optional(), Regexp(TIMES)])
    weekdays = Choices(_l("Days of the week"), coerce=int, choices=[])
    first = DateField(_l("Not before"), [Optional()])
    last = DateField(_l("Not after"), [Optional()])
    size = IntegerField(_l("Children expected"), [Optional(), NumberRange(0, 10_000)])
    session_count = IntegerField(_l("Number of sessions"), [Optional(), NumberRange(1, 500)])
    duration = IntegerField(_l("Minutes of a session"), [Optional(), NumberRange(10, 600)])
    priority = IntegerField(_l("Priority"), [Optional(), NumberRange(1, 100)])

    def offer(self) -> None:
        """Offer the days of the week in the reader's language."""
        self.weekdays.choices = list(enumerate(weekday_names()))

    def changes(self) -> dict[str, Any]:
        """Return the fields that were filled in, as a draft has them."""
        found = {
            field.name: field.data for field in self if field.data not in (None, "", []) and field.name in _DRAFTED
        }
        if "times" in found:
            found["times"] = times_in(found["times"])
        return found


_DRAFTED = ("times", "weekdays", "first", "last", "size", "session_count", "duration", "priority")


class CopyForm(Form):
    """Copying into another term."""

    term = SelectField(_l("Into the term"), [InputRequired()], coerce=as_id, choices=[])

    def offer(self) -> None:
        """Offer the terms that are not over."""
        terms = db.session.scalars(queries.terms()).all()
        self.term.choices = [(term.id, term.name) for term in terms if term.last >= wiring().today()]


@dataclass(frozen=True)
class Step:
    """Something to do with chosen activities; one with fields, or that can't be undone, is asked about first."""

    name: str
    label: Message
    question: Message | None
    form: type[Form]
    do: Callable[[list[UUID], Any], str]


def _hand_in(chosen: list[UUID], _form: Form) -> str:
    reached = states.hand_in(db.session, actor(), wiring().clock, chosen)
    if reached is ActivityState.SUBMITTED:
        return str(
            ngettext("%(num)s activity waits for approval.", "%(num)s activities wait for approval.", len(chosen))
        )
    return str(ngettext("%(num)s activity is ready to plan.", "%(num)s activities are ready to plan.", len(chosen)))


def _approve(chosen: list[UUID], _form: Form) -> str:
    states.approve(db.session, actor(), wiring().clock, chosen)
    return str(ngettext("%(num)s activity is ready to plan.", "%(num)s activities are ready to plan.", len(chosen)))


def _give_back(chosen: list[UUID], form: ReturnForm) -> str:
    states.give_back(db.session, actor(), wiring().clock, chosen, " ".join((form.note.data or "").split()))
    return str(ngettext("%(num)s activity is a draft again.", "%(num)s activities are drafts again.", len(chosen)))


def _change(chosen: list[UUID], form: ChangeForm) -> str:
    app = wiring()
    change_many(db.session, actor(), app.clock, app.hooks, chosen, form.changes())
    return str(ngettext("%(num)s activity is changed.", "%(num)s activities are changed.", len(chosen)))


def _copy(chosen: list[UUID], form: CopyForm) -> str:
    app = wiring()
    copies = copy_activities(db.session, actor(), app.clock, app.hooks, chosen, form.term.data)
    for title, reason in copies.left_out:
        flash(say(Message("“%(title)s” was not copied: %(reason)s", {"title": title, "reason": reason})), "warning")
    made = len(copies.made)
    return str(ngettext("%(num)s activity is copied, as a draft.", "%(num)s activities are copied, as drafts.", made))


def _remove(chosen: list[UUID], _form: Form) -> str:
    removed = states.remove(db.session, actor(), wiring().clock, chosen)
    return str(ngettext("%(num)s activity is removed.", "%(num)s activities are removed.", removed))


_STEPS = {
    step.name: step
    for step in (
        Step("hand_in", Message("Complete: plan them"), None, PlainForm, _hand_in),
        Step("approve", Message("Approve"), None, PlainForm, _approve),
        Step("give_back", Message("Back to draft …"), Message("Make these drafts again?"), ReturnForm, _give_back),
        Step(
            "change",
            Message("Change together …"),
            Message("What should be the same for all of these?"),
            ChangeForm,
            _change,
        ),
        Step("copy", Message("Copy into a term …"), Message("Copy these into which term?"), CopyForm, _copy),
        Step("remove", Message("Remove …"), Message("Remove these for good?"), PlainForm, _remove),
    )
}


def steps() -> tuple[Step, ...]:
    """Return what can be done with chosen activities, in the order of the menu."""
    return tuple(_STEPS.values())


@batches.post("/")
def chosen() -> Page:
    """Do a step with the chosen activities, or ask what the step needs to know first."""
    step = _STEPS.get(request.form.get("step", ""))
    if step is None:
        raise NotFoundError(Message("Choose what to do with the activities."))
    found = _chosen()
    form = step.form()
    if hasattr(form, "offer"):
        form.offer()
    if step.question is None or "confirmed" in request.form:
        try:
            if form.validate():
                flash(step.do([one.id for one in found], form), "success")
                return redirect(url_for("activities.listed", term=_target(form) or found[0].term_id))
        except (InvalidInputError, ConflictError, NotAllowedError) as error:
            # What was changed before the one that can't be is dropped with the answer, which is no good one.
            form.refuse(error)
    answer = 422 if form.errors else 200
    return render_template("activities/batch.html", step=step, form=form, chosen=found), answer


def _target(form: Form) -> UUID | None:
    return form.term.data if isinstance(form, CopyForm) else None


def _chosen() -> list[Activity]:
    try:
        ids = [UUID(text) for text in request.form.getlist("chosen")]
    except ValueError:
        raise NotFoundError(Message("There is no such activity.")) from None
    if not ids:
        raise InvalidInputError(Message("Choose at least one activity."))
    return [find_activity(db.session, one) for one in ids]
