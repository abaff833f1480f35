"""Views of who may take part."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core.db.models import Child
from core.db.queries import activities as queries
from core.db.queries import children as children_queries
from core.domain.errors import Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services.eligibility import Answer, answers_for_child
from core.services.timetable import current_term
from core.web.forms import Form

joining = Blueprint("joining", __name__, url_prefix="/joining")
Page = str | tuple[str, int]


class NumberForm(Form):
    """Whose file it is; posted, so that the number stands in no address and no log."""

    number = StringField(_l("Number of the child's file"), [InputRequired(), Length(max=20)])


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
    return _page(form, child)


def _page(form: NumberForm, child: Child | None) -> Page:
    app = wiring()
    terms = list(db.session.scalars(queries.terms()))
    term = current_term(terms, app.today(), actor().station_id)
    answers: tuple[Answer, ...] = ()
    if child is not None and term is not None:
        answers = answers_for_child(db.session, app.hooks, child, term, now=app.wall_clock())
    page = render_template("joining/ask.html", form=form, term=term, child=child, answers=answers)
    return page, 422 if form.errors else 200


def _child(number: str) -> Child:
    found = db.session.scalars(children_queries.children_numbered(number.strip())).all()
    if len(found) != 1:
        raise NotFoundError(Message("No file has this number, or several do: look it up in the list of children."))
    return found[0]
