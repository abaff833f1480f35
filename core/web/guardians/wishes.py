"""Views of a family's wishes at its guardian's address: the list, saving it, and what became of it."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.domain.actor import SYSTEM
from core.domain.errors import DomainError, Message, NotFoundError
from core.extensions import db, limiter, wiring
from core.services import guardian_links as links
from core.services.allocating.families import Outcome, family_outcomes
from core.services.desk import Desk
from core.services.guardian_links import Visit, require_full
from core.services.wishes.families import family_list, save_family_wishes
from core.services.wishes.lists import WishDraft
from core.services.wishes.offers import offers
from core.web.guardians.opening import LIMIT, Page, ask_for_code, guardians, is_open, opened, to_the_code
from core.web.wishing.drafts import Sent, changed, read
from core.web.wishing.sheets import Sheet, refused


def the_desk() -> Desk:
    """Return who acts at a guardian's address: the machine, for the guardian has no account."""
    app = wiring()
    return Desk(SYSTEM, app.clock, app.hooks, app.settings.timezone)


@guardians.get("/<token>/wishes/<uuid:term_id>")
@limiter.limit(LIMIT)
def wishes(token: str, term_id: UUID) -> Page:
    """Show the child's list with what it can wish for, and once places are published, what became of it."""
    found = opened(token)
    return to_the_code(token) if found is None else _page(token, found, term_id)


@guardians.post("/<token>/wishes/<uuid:term_id>")
@limiter.limit(LIMIT)
def save_wishes(token: str, term_id: UUID) -> Page:
    """Save the list, or change it on the page alone; a form that comes twice saves once, one too late loses nothing."""
    found = links.visit(db.session, wiring().clock, token)
    require_full(found)
    if not is_open(found.link.id):
        return ask_for_code(token, carried=request.form), 401
    sent = read(request.form)
    if not sent.saves:
        return _page(token, found, term_id, changed(sent.draft, sent.deed))
    return _saved(token, found, term_id, sent)


def carried_wishes(token: str, term: str) -> Page:
    """Show a list that came after the pages had closed, once the code was entered: it is on the page, not saved."""
    try:
        term_id = UUID(term)
    except ValueError:
        raise NotFoundError(Message("There is nothing at this address.")) from None
    return _page(token, links.visit(db.session, wiring().clock, token), term_id, read(request.form).draft)


def _saved(token: str, found: Visit, term_id: UUID, sent: Sent) -> Page:
    try:
        save_family_wishes(db.session, the_desk(), found, term_id, sent.draft, seen=sent.seen)
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(token, links.visit(db.session, wiring().clock, token), term_id, sent.draft, error), 422
    answer: Response = redirect(url_for("guardians.wishes", token=token, term_id=term_id), 303)
    return answer


def _page(
    token: str, found: Visit, term_id: UUID, draft: WishDraft | None = None, error: DomainError | None = None
) -> str:
    name = found.child.name
    shown = family_list(db.session, the_desk(), found, term_id)
    told = offers(db.session, shown.choices)
    sheet = Sheet(
        of_term=shown.of_term,
        now=wiring().wall_clock(),
        # Of a closed group, or a private room, nobody is told at a family's address.
        offered=tuple(one for one in told if not one.private or one.activity_id in shown.wishes.ranked),
        stored=shown.wishes,
        draft=shown.wishes.draft if draft is None else draft,
        unsaved=draft is not None,
    )
    if error is not None and draft is not None:
        sheet = refused(sheet, draft, error)
    outcomes: tuple[Outcome, ...] | None = None
    if not sheet.is_open and not sheet.is_early:
        outcomes = family_outcomes(db.session, the_desk(), links.visit(db.session, wiring().clock, token), term_id)
    return render_template("guardians/wishes.html", token=token, child=name, sheet=sheet, outcomes=outcomes)
