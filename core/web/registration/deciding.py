"""Views of what has to be decided: activities that are too small, clashes, families to tell, numbers to plan for."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, Length, Optional

from core.db.models import ActivityIntake, Child, Term
from core.db.queries import activities as activity_queries
from core.domain.errors import DomainError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services.registration.deciding import give_up, merge_into, too_small, wait_until, would_merge
from core.services.registration.desk import find_intake
from core.services.registration.meetings import clashes_of_term
from core.services.registration.sizes import sizes_of_term, take_over_sizes
from core.services.registration.telling import to_tell
from core.services.timetable import current_term
from core.web.forms import Form
from core.web.registration import words
from core.web.registration.desk import Page, registration, the_desk
from core.web.text import say

#: What is proposed where an activity is to wait.
_LONGER: Final = timedelta(days=7)


class DecisionForm(Form):
    """What becomes of an activity with too few children."""

    deed = HiddenField(validators=[AnyOf(("wait", "merge", "give_up"))])
    until = DateField(_l("Wait until"), validators=[Optional()])
    into = SelectField(_l("Merge into"), choices=[], validate_choice=False)
    reason = StringField(_l("Why, for the families"), validators=[Length(max=200)])
    seen = HiddenField()


@registration.get("/small")
def small() -> str:
    """Show the activities with too few children, and what can be done."""
    term = _term()
    found = too_small(db.session, term.id, wiring().today()) if term else ()
    return render_template("registration/small.html", term=term, found=found)


@registration.route("/activities/<uuid:activity_id>/decide", methods=["GET", "POST"])
def decide(activity_id: UUID) -> Page:
    """Let an activity wait, merge it into another once it was seen who goes along, or give it up."""
    intake = find_intake(db.session, activity_id)
    title, term_id = intake.activity.title, intake.activity.term_id
    form = DecisionForm()
    form.into.choices = [
        (str(one.intake.activity_id), f"{one.intake.activity.title} ({one.placed}/{one.intake.capacity})")
        for each in too_small(db.session, term_id, wiring().today())
        if each.numbers.intake.activity_id == activity_id
        for one in each.into
    ]
    if not form.is_submitted():
        form.until.data = max(wiring().today(), intake.minimum_by or date.min) + _LONGER
    if form.validate_on_submit():
        try:
            if form.deed.data == "merge" and not form.seen.data:
                return _before_merging(intake, form)
            said = _decided(activity_id, form)
        except NotFoundError:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(say(said), "success")
            after = "registration.small" if form.deed.data == "wait" else "registration.to_be_told"
            return redirect(url_for(after, term=term_id))
    page = render_template("registration/decide.html", form=form, title=title, term_id=term_id)
    return page, 422 if form.errors else 200


@registration.get("/clashes")
def clashes() -> str:
    """Show the children who are expected at two places at once, with what could be done."""
    term = _term()
    return render_template(
        "registration/clashes.html",
        term=term,
        clashes=clashes_of_term(db.session, the_desk(), term.id) if term else (),
        words=words,
    )


@registration.get("/to-tell")
def to_be_told() -> str:
    """Show which families don't know yet what the station did."""
    return render_template("registration/to_tell.html", rows=to_tell(db.session), term=_term())


@registration.route("/sizes", methods=["GET", "POST"])
def sizes() -> Page:
    """Compare planned and registered numbers, and give the registered ones to the planner."""
    term = _term()
    form = Form()
    if term is not None and form.validate_on_submit():
        changed = take_over_sizes(db.session, the_desk(), term.id)
        flash(
            say(
                Message("%(count)s numbers changed. The next plan staffs the published times anew.", {"count": changed})
            ),
            "success",
        )
        return redirect(url_for("registration.sizes", term=term.id))
    return render_template(
        "registration/sizes.html",
        form=form,
        term=term,
        sizes=sizes_of_term(db.session, the_desk(), term.id) if term else (),
    )


def _before_merging(intake: ActivityIntake, form: DecisionForm) -> str:
    """Show who would go along, to be confirmed."""
    source, target = intake.activity, find_intake(db.session, _target(form.into.data or "")).activity
    found = would_merge(db.session, the_desk(), source.id, target.id, form.reason.data or "")
    keys = [one.child_id for one in found.outcomes]
    children = {child.id: child for child in db.session.scalars(select(Child).where(Child.id.in_(keys)))}
    return render_template(
        "registration/merging.html",
        form=form,
        source=source,
        target=target,
        found=found,
        children=children,
        words=words,
    )


def _decided(activity_id: UUID, form: DecisionForm) -> Message:
    desk = the_desk()
    if form.deed.data == "wait":
        wait_until(db.session, desk, activity_id, form.until.data or date.min)
        return Message("It has until then to fill.")
    if form.deed.data == "give_up":
        told = give_up(db.session, desk, activity_id, form.reason.data or "")
        return Message("It is given up; %(count)s families are to be told.", {"count": told})
    target = _target(form.into.data or "")
    outcomes = merge_into(db.session, desk, activity_id, target, form.reason.data or "", seen=form.seen.data)
    moved = sum(outcome.registration_id is not None for outcome in outcomes)
    return Message(
        "It is merged: %(moved)s of %(all)s children are registered for the other one.",
        {"moved": moved, "all": len(outcomes)},
    )


def _target(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError(Message("There is no such activity.")) from None


def _term() -> Term | None:
    terms = list(db.session.scalars(activity_queries.terms()))
    asked = next((term for term in terms if str(term.id) == request.values.get("term")), None)
    return asked or current_term(terms, wiring().today(), actor().station_id)
