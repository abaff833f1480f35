"""Views of campaigns."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.db.queries import campaigns as queries
from core.domain.errors import ConflictError, InvalidInputError
from core.extensions import actor, db, own_station
from core.services.campaigns import asking as service
from core.services.campaigns.asking import Question
from core.web.forms import Form
from core.web.replying.answers import desk_of

campaigns = Blueprint("campaigns", __name__, url_prefix="/campaigns")
Page = str | Response | tuple[str, int]


class CampaignForm(Form):
    """For which days people are asked, and by when."""

    title = StringField(_l("Title, such as “Winter break”"), validators=[InputRequired(), Length(max=80)])
    first = DateField(_l("First day"), validators=[InputRequired()])
    last = DateField(_l("Last day"), validators=[InputRequired()])
    by = DateField(_l("Please answer by"), validators=[InputRequired()])
    note = TextAreaField(_l("A word to the volunteers"), validators=[Length(max=500)])

    def question(self) -> Question:
        """Return what was entered."""
        return Question(self.title.data, self.first.data, self.last.data, self.by.data, self.note.data or "")


@campaigns.get("/")
def listed() -> str:
    """Show all campaigns with how many have answered."""
    return render_template("campaigns/listed.html", campaigns=list(db.session.scalars(queries.campaigns())))


@campaigns.route("/new", methods=["GET", "POST"])
def new() -> Page:
    """Ask everybody who serves at the own station."""
    form = CampaignForm()
    if form.validate_on_submit():
        try:
            row = service.ask_all(db.session, desk_of(actor()), own_station(), form.question())
        except (ConflictError, InvalidInputError) as error:
            form.refuse(error)
        else:
            flash(_("The question is on its way."), "success")
            return redirect(url_for("campaigns.page", campaign_id=row.id))
    page = render_template("campaigns/new.html", form=form)
    return page, 422 if form.errors or form.form_errors else 200


@campaigns.get("/<uuid:campaign_id>")
def page(campaign_id: UUID) -> str:
    """Show who has answered and who hasn't."""
    row = service.find_campaign(db.session, campaign_id)
    replies = list(db.session.scalars(queries.replies_of(campaign_id)))
    return render_template(
        "campaigns/page.html",
        row=row,
        silent=sorted((one for one in replies if one.answer is None), key=lambda one: one.volunteer.name),
        answered=[one for one in replies if one.answer is not None],
    )


@campaigns.post("/<uuid:campaign_id>/remind")
def remind(campaign_id: UUID) -> Response:
    """Remind those who are silent."""
    try:
        count = service.remind(db.session, desk_of(actor()), campaign_id)
    except ConflictError:
        return _page(campaign_id)
    flash(ngettext("%(num)s person is reminded.", "%(num)s people are reminded.", count), "success")
    return _page(campaign_id)


@campaigns.post("/<uuid:campaign_id>/close")
def close(campaign_id: UUID) -> Response:
    """Close a campaign."""
    service.close(db.session, desk_of(actor()), campaign_id)
    flash(_("The campaign is closed: nobody is asked any more."), "success")
    return _page(campaign_id)


def _page(campaign_id: UUID) -> Response:
    return redirect(url_for("campaigns.page", campaign_id=campaign_id))
