"""Views of who may take part."""

from uuid import UUID

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.db.models import Child
from core.db.queries import activities as queries
from core.db.queries import children as children_queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose
from core.extensions import actor, db, wiring
from core.services.consents import consents_listed, give_consent, withdraw_consent
from core.services.eligibility import Answer, answers_for_child
from core.services.timetable import current_term
from core.web.forms import Form
from core.web.text import say

joining = Blueprint("joining", __name__, url_prefix="/joining")
Page = str | tuple[str, int]


class NumberForm(Form):
    """Whose file it is; posted, so that the number stands in no address and no log."""

    number = StringField(_l("Number of the child's file"), [InputRequired(), Length(max=20)])


class ConsentForm(Form):
    """A guardian's consent, as it stands on paper."""

    number = HiddenField(validators=[InputRequired(), Length(max=20)])
    purpose = SelectField(_l("Consent for"), coerce=ConsentPurpose, choices=[])
    given_on = DateField(_l("Given on"), [InputRequired()])
    valid_until = DateField(_l("Valid until"), [Optional()])


@joining.route("/", methods=["GET", "POST"])
def ask() -> Page:
    """Ask for a child's number, and show what the child can join in the current term, and why not the rest."""
    form = NumberForm()
    child: Child | None = None
    if form.validate_on_submit():
        try:
            child = _child(form.number.data)
        except NotFoundError as error:
            form.refuse(error, form.number)
    return _page(form, child, _consent_form(child))


@joining.post("/consent")
def consent() -> Page:
    """Note a consent, and show the child's file again."""
    app, form = wiring(), _consent_form(None)
    child = _child(form.number.data or "")
    if form.validate():
        try:
            give_consent(
                db.session,
                actor(),
                app.clock,
                child,
                form.purpose.data,
                given_on=form.given_on.data,
                valid_until=form.valid_until.data,
                today=app.today(),
            )
        except (InvalidInputError, ConflictError) as error:
            form.refuse(error)
    return _page(NumberForm(formdata=None, number=child.number), child, form)


@joining.post("/consent/<uuid:consent_id>/withdraw")
def withdraw(consent_id: UUID) -> Page:
    """Note that a consent was withdrawn, and show the child's file again."""
    row = withdraw_consent(db.session, actor(), wiring().clock, consent_id, today=wiring().today())
    child = db.session.get_one(Child, row.child_id)
    return _page(NumberForm(formdata=None, number=child.number), child, _consent_form(child))


def _consent_form(child: Child | None) -> ConsentForm:
    if child is None:
        form = ConsentForm()
    else:
        form = ConsentForm(formdata=None, number=child.number, given_on=wiring().today())
    form.purpose.choices = [(purpose.value, say(purpose)) for purpose in ConsentPurpose]
    return form


def _page(form: NumberForm, child: Child | None, consent_form: ConsentForm) -> Page:
    app = wiring()
    terms = list(db.session.scalars(queries.terms()))
    term = current_term(terms, app.today(), actor().station_id)
    answers: tuple[Answer, ...] = ()
    if child is not None and term is not None:
        answers = answers_for_child(db.session, app.hooks, child, term, now=app.wall_clock())
    page = render_template(
        "joining/ask.html",
        form=form,
        term=term,
        child=child,
        answers=answers,
        consents=consents_listed(db.session, child.id) if child else (),
        consent_form=consent_form,
        today=app.today(),
    )
    return page, 422 if form.errors or (child is not None and consent_form.errors) else 200


def _child(number: str) -> Child:
    found = db.session.scalars(children_queries.children_numbered(number.strip())).all()
    if len(found) != 1:
        raise NotFoundError(Message("No file has this number, or several do: look it up in the list of children."))
    return found[0]
