"""Views of the texts with which guardians are asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import ConsentText
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose
from core.extensions import actor, db, own_station, wiring
from core.services import consent_texts as services
from core.web.consents.forms import TextForm
from core.web.languages import CHINESE, current_language

consent_texts = Blueprint("consent_texts", __name__, url_prefix="/consents/texts")
Page = str | Response | tuple[str, int]


def purpose_of(word: str) -> ConsentPurpose:
    """Return the purpose of an address; NotFoundError for what is none."""
    if word not in set(ConsentPurpose):
        raise NotFoundError(Message("There is no such page."))
    return ConsentPurpose(word)


def words_of(text: ConsentText) -> str:
    """Return a text in the language of the request."""
    return text.chinese if current_language() == CHINESE else text.english


@consent_texts.get("/")
def listed() -> str:
    """Show the texts of each purpose with all their versions."""
    today = wiring().today()
    texts = {purpose: services.versions_of(db.session, purpose, today) for purpose in ConsentPurpose}
    return render_template("consents/texts.html", texts=texts, today=today, words=words_of)


@consent_texts.route("/<purpose>/new", methods=["GET", "POST"])
def new(purpose: str) -> Page:
    """Write the next version of a text; before it is kept, show it and how many guardians it asks anew."""
    wanted, app, form = purpose_of(purpose), wiring(), TextForm()
    versions = services.versions_of(db.session, wanted, app.today())
    if not form.is_submitted() and versions:
        form.chinese.data, form.english.data = versions[0].text.chinese, versions[0].text.english
    if form.validate_on_submit() and "change" not in request.form:
        try:
            if "confirmed" in request.form:
                return _added(form, wanted)
            services.check_text(db.session, form.new(wanted), today=app.today())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            anew = services.asked_anew(db.session, wanted, app.today())
            return render_template("consents/text_confirm.html", form=form, purpose=wanted, anew=anew)
    page = render_template("consents/text_new.html", form=form, purpose=wanted, versions=versions)
    return page, 422 if form.errors else 200


def _added(form: TextForm, purpose: ConsentPurpose) -> Response:
    app = wiring()
    row = services.add_text(db.session, actor(), app.clock, own_station(), form.new(purpose), today=app.today())
    flash(_("Version %(number)s of the text is kept.", number=row.version), "success")
    return redirect(url_for("consent_texts.listed"))
