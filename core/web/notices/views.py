"""Views of notices."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.couriers.all import couriers_of
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.notices import NoticeKind
from core.extensions import actor, db, wiring
from core.services.notices import choices, desk, previewing
from core.services.notices.choices import ChoicesDraft
from core.services.wording import Wording
from core.web.languages import current_language
from core.web.notices.forms import ChoicesForm
from core.web.text import say

notices = Blueprint("notices", __name__, url_prefix="/notices")
Page = str | Response | tuple[str, int]


@notices.get("/")
def listed() -> str:
    """Show whom to call, what couldn't be sent, what waits and what went out lately."""
    found = desk.lists(db.session, actor(), _wording())
    return render_template("notices/listed.html", lists=found, ways=couriers_of(wiring().settings.notices))


@notices.get("/preview")
def preview() -> str:
    """Show how each kind of notice reads, about a made-up session."""
    shown = {kind: previewing.preview(_wording(), kind, wiring().settings.base_url) for kind in NoticeKind}
    return render_template("notices/preview.html", shown=shown)


@notices.post("/<uuid:notice_id>/again")
def again(notice_id: UUID) -> Response:
    """Have a notice sent again."""
    _do(desk.send_again, notice_id, _("It is tried again now."))
    return redirect(url_for("notices.listed"))


@notices.post("/<uuid:notice_id>/called")
def called(notice_id: UUID) -> Response:
    """Note that somebody told the person."""
    _do(desk.note_called, notice_id, _("Noted."))
    return redirect(url_for("notices.listed"))


@notices.route("/mine", methods=["GET", "POST"])
def mine() -> Page:
    """Let the reader choose how they are told."""

    def keep(draft: ChoicesDraft) -> None:
        choices.choose_own(db.session, actor(), wiring().clock, draft, demo=wiring().settings.demo)

    form = ChoicesForm.of(choices.own_choices(db.session, actor()))
    return _chosen(form, keep, url_for("notices.mine"), name="")


@notices.route("/of/<uuid:volunteer_id>", methods=["GET", "POST"])
def of_volunteer(volunteer_id: UUID) -> Page:
    """Write down how a volunteer is told."""
    volunteer, row = choices.choices_of(db.session, actor(), volunteer_id)

    def keep(draft: ChoicesDraft) -> None:
        choices.choose_for(db.session, actor(), wiring().clock, volunteer_id, draft, demo=wiring().settings.demo)

    return _chosen(
        ChoicesForm.of(row), keep, url_for("volunteers.page", volunteer_id=volunteer_id), name=volunteer.name
    )


def _chosen(form: ChoicesForm, keep: Callable[[ChoicesDraft], None], after: str, name: str) -> Page:
    if form.validate_on_submit():
        try:
            keep(form.draft())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            flash(_("Noted."), "success")
            return redirect(after)
    ways = couriers_of(wiring().settings.notices)
    page = render_template("notices/choices.html", form=form, name=name, ways=ways, back=after)
    return page, 422 if form.errors else 200


def _do(deed: Callable[..., None], notice_id: UUID, done: str) -> None:
    try:
        deed(db.session, actor(), wiring().clock, notice_id)
    except ConflictError as error:
        # Somebody else, or the sender, was quicker.
        flash(say(error.message), "warning")
    else:
        flash(done, "success")


def _wording() -> Wording:
    return Wording(current_language(), wiring().hooks.translation_folders)
