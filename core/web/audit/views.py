"""Views of the audit log."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from core.db.models import AuditEntry
from core.db.queries.audit import AuditFilter
from core.domain.errors import InvalidInputError, Message
from core.extensions import actor, db, wiring
from core.services.audit_anchors import Anchor, read_anchors
from core.services.audit_details import detail_words
from core.services.audit_reading import chain_states, export_entries, names_of, read_page
from core.services.audit_words import action_words, subject_words
from core.services.spreadsheets import Cell, as_csv, as_xlsx
from core.web.audit.forms import AnchorsForm, FilterForm
from core.web.text import listed, say

audit = Blueprint("audit", __name__, url_prefix="/audit")
Page = str | tuple[str, int]
_FILES: Final = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@audit.get("/")
def entries() -> Page:
    """Show a page of the audit log."""
    form = FilterForm.asked()
    fits = form.validate()
    found = read_page(
        db.session, actor(), form.wanted() if fits else AuditFilter(), request.args.get("page", 1, type=int)
    )
    page = render_template(
        "audit/entries.html",
        form=form,
        found=found,
        names=names_of(db.session, found.entries),
        said=_said,
        subject_words=subject_words,
        details=_details,
        asked={name: value for name, value in request.args.items() if name != "page" and value},
    )
    return page, 200 if fits else 422


@audit.post("/file/<kind>")
def export(kind: str) -> Response:
    """Hand out the entries that fit as a file, and note that."""
    if kind not in _FILES:
        abort(404)
    form = FilterForm.asked()
    if not form.validate():
        raise InvalidInputError(Message("Complete the fields that are marked."))
    found = export_entries(db.session, actor(), wiring().clock, form.wanted())
    write, mime = _FILES[kind]
    heading = [_("Time"), _("Who"), _("What"), _("Code of the action"), _("To what"), _("Number of the row"), _("More")]
    sent = Response(write(heading, _rows(found)), mimetype=mime)
    sent.headers["Content-Disposition"] = f"attachment; filename=audit.{kind}"
    return sent


@audit.route("/chain", methods=["GET", "POST"])
def chain() -> Page:
    """Show whether the log is as it was written, also against anchors that are kept elsewhere; nothing is changed."""
    db.only_ask()
    form = AnchorsForm()
    anchors: tuple[Anchor, ...] = ()
    if form.is_submitted():
        try:
            anchors = _anchors(form)
        except InvalidInputError as error:
            form.refuse(error, form.anchors)
    page = render_template(
        "audit/chain.html", form=form, states=chain_states(db.session, actor(), anchors), anchored=bool(anchors)
    )
    return page, 422 if form.errors else 200


def _anchors(form: AnchorsForm) -> tuple[Anchor, ...]:
    if not form.validate():
        return ()
    try:
        text = form.anchors.data.read().decode()
    except (UnicodeDecodeError, AttributeError):
        raise InvalidInputError(Message("This is no file of anchors.")) from None
    return read_anchors(text)


def _rows(found: Iterable[AuditEntry]) -> Iterator[list[Cell]]:
    rows = list(found)
    names = names_of(db.session, rows)
    for row in rows:
        yield [
            row.at.astimezone(wiring().zone).replace(tzinfo=None),
            names.get(row.actor_id, "") if row.actor_id else "",
            _said(row.action),
            row.action,
            say(subject_words(row.subject_kind)),
            str(row.subject_id or ""),
            "; ".join(_details(row.detail)),
        ]


def _said(action: str) -> str:
    return say(action_words(action, wiring().deeds))


def _details(detail: dict[str, Any]) -> list[str]:
    """Return what an entry says beside the action, a sentence for each of its keys."""
    return [
        _("%(name)s: %(value)s", name=say(name), value=listed([say(value) for value in values]))
        for name, values in detail_words(detail)
    ]
