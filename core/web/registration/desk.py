"""Views of the registration desk: find children, see what they can join, register them, hand out the receipt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField

from core.db.models import Child
from core.domain.ages import age_on, school_year
from core.domain.child_file import IdDocument
from core.domain.errors import DomainError, Message
from core.domain.ids import new_id
from core.domain.registering import Channel
from core.domain.vocabulary import ConsentPurpose
from core.extensions import actor, db, own_station, reach, wiring
from core.services.children.duplicates import likenesses
from core.services.children.entry import FieldError, checked_entry
from core.services.children.finding import Line, Wanted, find_children
from core.services.children.keeping import create_child
from core.services.consents import Given, give_consent
from core.services.desk import Desk
from core.services.registration.ending import UNDO, undo_request
from core.services.registration.giving import Form, Outcome
from core.services.registration.giving import Wanted as WantedPlace
from core.services.registration.lists import receipt, siblings
from core.services.registration.prospects import Prospect, prospects
from core.services.registration.terms import OfferedTerm, offered_terms
from core.services.registration.waiving import may_waive
from core.services.timetable import current_term
from core.services.wishes.rounds import round_of
from core.web.children.forms import NewChildForm
from core.web.children.views import refuse_at, stations_in_reach
from core.web.qr import picture_of
from core.web.registration import words
from core.web.registration.cures import Ways, ways
from core.web.text import say

registration = Blueprint("registration", __name__, url_prefix="/registration")
Page = str | Response | tuple[str, int]

_MOST_FOUND: Final = 12
_MOST_CHILDREN: Final = 8
#: Where the browser's session keeps who is at the desk.
_AT_DESK: Final = "at_desk"


@dataclass(frozen=True)
class Choice:
    """A child at the desk, and its activities: those it can join, those somebody may waive a rule for, the rest.

    `ways` lead to where what stands in the way is put right.
    """

    child: Child
    age: int
    open: tuple[Prospect, ...]
    waivable: tuple[Prospect, ...]
    shut: tuple[Prospect, ...]
    joined: tuple[Prospect, ...]
    ways: Ways


class ShortChildForm(NewChildForm):
    """What a desk asks of a child whom nobody knows yet."""

    consent = BooleanField(_l("The guardian has signed today that the station may keep this data"))


def the_desk() -> Desk:
    """Return who registers, as the services ask for it."""
    app = wiring()
    return Desk(actor(), app.clock, app.hooks, app.settings.timezone)


def chosen_term(terms: Sequence[OfferedTerm] | None = None) -> OfferedTerm | None:
    """Return the term that the address names, else the current one of those in which children are registered."""
    terms = offered_terms(db.session, wiring().wall_clock()) if terms is None else terms
    asked = next((term for term in terms if str(term.id) == request.values.get("term")), None)
    return asked or current_term(terms, wiring().today(), actor().station_id)


@registration.route("/", methods=["GET", "POST"])
def desk() -> Page:
    """Show the desk; what somebody looks for is posted, so that no name stands in an address or a log."""
    if request.method == "POST":
        db.only_ask()
    return _desk_page(request.form.get("looked_for", "").strip())


@registration.post("/register")
def give() -> Page:
    """Register the children for what was ticked, and lead to the receipt; a form that comes twice counts once."""
    request_id, wanted = key_of(request.form.get("request", "")) or new_id(), _picked()
    if not wanted:
        return _desk_page(refusal=_("Tick what the children are to join.")), 422
    channel = Channel.WALK_IN if request.form.get("channel") == Channel.WALK_IN else Channel.DESK
    # The turn that many desks share writes; the request's own session only asks, so it doesn't wait for a turn itself.
    db.only_ask()
    form = Form(reach(), the_desk(), request_id, tuple(wanted), channel, request.form.get("reason", ""))
    outcomes = wiring().registering.ask(form)
    if isinstance(outcomes, DomainError):
        return _desk_page(refusal=say(outcomes.message)), 422
    if not any(outcome.registration_id for outcome in outcomes):
        return _desk_page(refusal=" ".join(map(_refusal, outcomes))), 422
    return answered(request_id, outcomes)


def answered(request_id: UUID, outcomes: Sequence[Outcome]) -> Page:
    """Lead to the receipt of what was registered, and say what was not."""
    for outcome in outcomes:
        if outcome.obstacles:
            flash(_refusal(outcome), "warning")
    if any(outcome.registration_id for outcome in outcomes):
        return redirect(url_for("registration.slip", receipt_id=request_id))
    return redirect(
        url_for("registration.desk", child=list(dict.fromkeys(str(one.child_id) for one in outcomes)), term=_term_id())
    )


@registration.get("/receipts/<uuid:receipt_id>")
def slip(receipt_id: UUID) -> str:
    """Show what was registered, to print and hand out."""
    lines = receipt(db.session, receipt_id)
    people, now = {line.child.id: line.child for line in lines}, wiring().wall_clock()
    return render_template(
        "registration/receipt.html",
        receipt_id=receipt_id,
        picture=picture_of(f"{wiring().settings.base_url}{url_for('registration.slip', receipt_id=receipt_id)}"),
        now=wiring().clock.now(),
        people=[(child, [line for line in lines if line.child.id == child.id]) for child in people.values()],
        undoable=_undoable(lines[0].row.registered_at),
        term=next(one for one in offered_terms(db.session, now) if one.id == lines[0].activity.term_id),
        children=[str(key) for key in people],
    )


@registration.post("/receipts/<uuid:receipt_id>/undo")
def take_back(receipt_id: UUID) -> Page:
    """Take back all that a receipt says."""
    children = list(dict.fromkeys(str(line.child.id) for line in receipt(db.session, receipt_id)))
    undo_request(db.session, the_desk(), receipt_id)
    flash(_("It is taken back: the places are free again."), "success")
    return redirect(url_for("registration.desk", child=children))


@registration.route("/children/new", methods=["GET", "POST"])
def new_child() -> Page:
    """Make a file with its guardian and consent in one short form, and go on at the desk with the child."""
    form = ShortChildForm()
    form.offer(stations_in_reach(), keeps=False)
    if not form.is_submitted():
        form.station.data, form.consent.data = str(own_station()), True
        form.name.render_kw = {"autofocus": True}
    elif not form.id_number.data:
        # A family without its papers says nothing; the number is noted when they bring them.
        form.document.data = IdDocument.NONE.value
    like: list[object] = []
    if form.validate_on_submit():
        try:
            like = [] if form.another.data else _likenesses(form)
            if not like:
                return _made(form)
        except FieldError as error:
            refuse_at(form, error)
    page = render_template(
        "registration/new_child.html", form=form, likenesses=like, children=_asked_children(), term=_term_id()
    )
    return page, 422 if form.errors or like else 200


def _made(form: ShortChildForm) -> Response:
    app, station = wiring(), UUID(form.station.data)
    entry = form.entry()
    made = create_child(
        db.session, actor(), app.clock, station, entry, form.guardians(), today=app.today(), demo=app.settings.demo
    )
    if form.consent.data:
        guardian = made.guardians[0].id if made.guardians else None
        given = Given(ConsentPurpose.DATA, app.today(), None, guardian)
        give_consent(db.session, actor(), app.clock, made, given, today=app.today())
    flash(say(Message("The file %(number)s is made.", {"number": made.number})), "success")
    return redirect(url_for("registration.desk", child=[*_asked_children(), str(made.id)], term=_term_id()))


def _likenesses(form: ShortChildForm) -> list[object]:
    app = wiring()
    entry = checked_entry(form.entry(), today=app.today(), demo=app.settings.demo)
    return list(likenesses(db.session, entry))


def _desk_page(looked_for: str = "", refusal: str = "") -> str:
    terms, today, keys = offered_terms(db.session, wiring().wall_clock()), wiring().today(), _asked_children()
    term = chosen_term(terms)
    found: tuple[Line, ...] = ()
    if looked_for:
        lines = find_children(db.session, Wanted(looked_for=looked_for[:80]), school_year=school_year(today)).lines
        found = tuple(line for line in lines if str(line.child_id) not in keys)
    offered = {key: prospects(db.session, the_desk(), UUID(key), term.id) for key in keys} if term else {}
    # What was asked of all children is values; rows are loaded last, within the reader's own reach.
    people = _children(keys)
    values: dict[str, Any] = {
        "terms": terms,
        "term": term,
        "wishing": term is not None and term.own and round_of(db.session, term.id) is not None,
        "found": found[:_MOST_FOUND],
        "more": len(found) > _MOST_FOUND,
        "looked_for": looked_for,
        "chosen": [_choice(child, offered.get(str(child.id), ()), today, term.id) for child in people if term],
        "siblings": siblings(db.session, [child.id for child in people]) if people else (),
        "keys": [str(child.id) for child in people],
        "picked": request.form.getlist("pick") or _preselected(people),
    }
    _remember(values["keys"], term)
    return render_template(
        "registration/desk.html",
        request_id=key_of(request.form.get("request", "")) or new_id(),
        walk_in=request.values.get("channel") == Channel.WALK_IN,
        refusal=refusal,
        full=len(people) >= _MOST_CHILDREN,
        age=lambda born: age_on(born, today),
        words=words,
        **values,
    )


@registration.app_context_processor
def _way_back() -> dict[str, Callable[[UUID], str | None]]:
    """Let the pages on which something is cured lead back to the desk, with the children who are picked there."""
    return {"back_to_desk": _back_to_desk}


def _remember(keys: Sequence[str], term: OfferedTerm | None) -> None:
    """Keep in the browser's session who is at the desk: ids alone."""
    session[_AT_DESK] = {"child": list(keys), "term": str(term.id) if term else None}


def _back_to_desk(child_id: UUID) -> str | None:
    kept = session.get(_AT_DESK, {})
    if str(child_id) not in kept.get("child", ()):
        return None
    return url_for("registration.desk", **kept)


def _choice(child: Child, offered: Sequence[Prospect], today: date, term_id: UUID) -> Choice:
    me, can_join = actor(), tuple(one for one in offered if one.can_join)
    standing = [one for one in offered if one.obstacles and one.state is None]
    waivable = tuple(one for one in standing if all(may_waive(me, each) for each in one.obstacles))
    return Choice(
        child=child,
        age=age_on(date.fromisoformat(child.birth_date), today),
        open=can_join,
        waivable=waivable,
        shut=tuple(one for one in standing if one not in waivable),
        joined=tuple(one for one in offered if one.state is not None),
        ways=ways(child.id, term_id, standing, can_join),
    )


def _preselected(people: Sequence[Child]) -> list[str]:
    activity = request.values.get("activity", "")
    return [f"{child.id}:{activity}" for child in people] if activity else []


def _children(keys: Sequence[str]) -> list[Child]:
    rows = db.session.scalars(select(Child).where(Child.id.in_([UUID(key) for key in keys])))
    return sorted(rows, key=lambda row: keys.index(str(row.id)))


def _asked_children() -> list[str]:
    found = (key_of(value) for value in request.values.getlist("child"))
    without = key_of(request.values.get("without", ""))
    return [str(key) for key in dict.fromkeys(found) if key and key != without][:_MOST_CHILDREN]


def _picked() -> list[WantedPlace]:
    pairs = (value.partition(":") for value in request.form.getlist("pick"))
    found = [(key_of(child), key_of(activity)) for child, _colon, activity in pairs]
    return [WantedPlace(child, activity) for child, activity in found if child and activity]


def _refusal(outcome: Outcome) -> str:
    child = db.session.get(Child, outcome.child_id)
    said = f"{child.name if child else ''}: {words.because(outcome.obstacles[0])}"
    if not request.form.get("reason") and all(may_waive(actor(), one) for one in outcome.obstacles):
        said += " " + _("To let the child in all the same, say why below.")
    return said


def _undoable(registered_at: datetime) -> bool:
    return wiring().clock.now() < registered_at + UNDO


def _term_id() -> str | None:
    return request.values.get("term") or None


def key_of(text: str) -> UUID | None:
    """Return the id that a text is, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
