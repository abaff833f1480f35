"""Views of the desk's pages for wishes: a child's list, brothers and sisters together, who has given none yet."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.db.models import Child, Term
from core.domain.errors import DomainError, NotFoundError
from core.extensions import db
from core.services.registration.lists import siblings
from core.services.wishes.choices import choices
from core.services.wishes.companions import put_apart, put_together
from core.services.wishes.lists import WishDraft, save_wishes, wishes_of
from core.services.wishes.missing import answers_of
from core.services.wishes.offers import offers
from core.services.wishes.rounds import NO_WISHES, Round, round_of
from core.web.registration.desk import key_of, the_desk
from core.web.text import say
from core.web.wishing.drafts import changed, read
from core.web.wishing.sheets import Sheet, refused

wishes = Blueprint("wishes", __name__, url_prefix="/registration/wishes")
Page = str | Response | tuple[str, int]
_MOST_SHOWN: Final = 100


@wishes.route("/terms/<uuid:term_id>/children/<uuid:child_id>", methods=["GET", "POST"])
def of_child(term_id: UUID, child_id: UUID) -> Page:
    """Show and save a child's list as its family says it; a form that comes twice saves once."""
    if request.method == "GET":
        return _page(term_id, child_id)
    sent = read(request.form)
    if not sent.saves:
        return _page(term_id, child_id, changed(sent.draft, sent.deed))
    try:
        save_wishes(db.session, the_desk(), child_id, term_id, sent.draft, seen=sent.seen)
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(term_id, child_id, sent.draft, error), 422
    return redirect(url_for("wishes.of_child", term_id=term_id, child_id=child_id, child=_line()), 303)


@wishes.post("/terms/<uuid:term_id>/children/<uuid:child_id>/together")
def together(term_id: UUID, child_id: UUID) -> Page:
    """Put the child together with those who were ticked, or apart from them."""
    others = [key for text in request.form.getlist("other") if (key := key_of(text))]
    apart = request.form.get("deed") == "apart"
    try:
        (put_apart if apart else put_together)(db.session, the_desk(), term_id, [child_id, *others])
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(term_id, child_id, refusal=say(error.message)), 422
    flash(_("Each gets places of its own.") if apart else _("They are to be together."), "success")
    return redirect(url_for("wishes.of_child", term_id=term_id, child_id=child_id, child=_line()), 303)


@wishes.get("/terms/<uuid:term_id>")
def of_term(term_id: UUID) -> str:
    """Show whose family has given no wishes yet, to call them while there is time."""
    found = answers_of(db.session, the_desk(), term_id)
    stations = {one.station_id: one.station for one in found.silent}
    asked = key_of(request.args.get("station", ""))
    silent = [one for one in found.silent if asked is None or one.station_id == asked]
    return render_template(
        "wishing/term.html",
        term=db.session.get_one(Term, term_id),
        round=_round(term_id),
        now=the_desk().now,
        answers=found,
        silent=silent[:_MOST_SHOWN],
        more=max(0, len(silent) - _MOST_SHOWN),
        stations=stations,
        asked=asked,
    )


def _page(
    term_id: UUID, child_id: UUID, draft: WishDraft | None = None, error: DomainError | None = None, refusal: str = ""
) -> str:
    # What looks beyond the wall comes first: it lets go whatever was loaded.
    stored = wishes_of(db.session, the_desk(), child_id, term_id)
    offered = offers(db.session, choices(db.session, the_desk(), child_id, term_id))
    sheet = Sheet(
        of_term=_round(term_id),
        now=the_desk().now,
        offered=offered,
        stored=stored,
        draft=stored.draft if draft is None else draft,
        unsaved=draft is not None,
    )
    if error is not None and draft is not None:
        sheet = refused(sheet, draft, error)
    asked = [child_id, *(UUID(text) for text in _line())]
    related = [one.id for one in siblings(db.session, asked)]
    keys = list(dict.fromkeys([*asked, *related]))
    lists = {key: wishes_of(db.session, the_desk(), key, term_id) for key in keys if key != child_id}
    people = _people(keys)
    return render_template(
        "wishing/child.html",
        sheet=sheet,
        term_id=term_id,
        child=next(one for one in people if one.id == child_id),
        people=people,
        line=[str(key) for key in keys],
        lists=lists,
        named={one.code for one in stored.friends},
        refusal=refusal,
    )


def _people(keys: Sequence[UUID]) -> list[Child]:
    rows = {row.id: row for row in db.session.scalars(select(Child).where(Child.id.in_(keys)))}
    return [rows[key] for key in sorted(rows, key=lambda key: (rows[key].number, key))]


def _line() -> list[str]:
    """Return the children whose lists are entered one after the other."""
    return [text for text in request.values.getlist("child") if key_of(text)][:8]


def _round(term_id: UUID) -> Round:
    found = round_of(db.session, term_id)
    if found is None:
        raise NotFoundError(NO_WISHES)
    return found
