"""Views of requests for duties: what needs looking at, whom to ask for a session, and swaps to approve."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.db.queries import replies as queries
from core.domain.errors import ConflictError, DomainError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, own_station, wiring
from core.services.adults import Homes
from core.services.replies import asking as service
from core.services.replies.answering import note_cancellation
from core.services.replies.asking import Terms, ask_for_plan, local_moment
from core.services.replies.occasions import find_session, published
from core.services.replies.ranking import planner_for, ranked
from core.services.replies.safety import barred_of, safety_of, unsafe_between
from core.services.replies.signing_up import AHEAD, other_places
from core.services.replies.swapping import decide
from core.services.serving_rules import decide_rules, rules_of
from core.web.asking.forms import RulesForm
from core.web.replying.answers import desk_of
from core.web.text import say

asking = Blueprint("asking", __name__, url_prefix="/asking")
Page = str | Response | tuple[str, int]


@asking.get("/")
def listed() -> Page:
    """Show sessions that are unsafe, questions that are open or came to nothing, and swaps to approve."""
    return _listed()


def _listed(refusal: DomainError | None = None) -> Page:
    desk = desk_of(actor())
    swaps = list(db.session.scalars(queries.open_swaps(desk.now)))
    content = render_template(
        "asking/listed.html",
        unsafe=unsafe_between(db.session, desk.now, desk.now + AHEAD),
        requests=list(db.session.scalars(queries.open_requests(desk.now))),
        to_approve=[one for one in swaps if one.state == "taken"],
        offered=[one for one in swaps if one.state == "offered"],
        refusal=say(refusal.message) if refusal else "",
    )
    return (content, 409) if refusal else content


@asking.get("/sessions/<uuid:session_id>")
def of_session(session_id: UUID) -> Page:
    """Show who could take the empty places of a session, the best first, and what was asked."""
    return _of_session(session_id)


def _of_session(session_id: UUID, refusal: DomainError | None = None) -> Page:
    desk, row = desk_of(actor()), find_session(db.session, session_id)
    occasion = published(row)
    ahead = occasion.starts_at > desk.now
    free = {role.role: occasion.free(role.role) for role in row.activity.roles} if ahead else {}
    planner = planner_for(db.session, desk, occasion) if any(free.values()) else None
    content = render_template(
        "asking/session.html",
        row=row,
        serving=row.assignments,
        barred=barred_of(db.session, row, today=desk.now.date()),
        halfway=desk.clock.now() + (local_moment(desk, occasion.starts_at) - desk.clock.now()) / 2,
        entered=request.form if refusal else {},
        safety=safety_of(row, Homes(db.session), today=desk.now.date()),
        ahead=ahead,
        free=free,
        ranked={role: ranked(db.session, desk, occasion, role, planner) for role, count in free.items() if count},
        requests=list(db.session.scalars(queries.requests_of_session(session_id))),
        rules=rules_of(db.session, row.station_id),
        refusal=say(refusal.message) if refusal else "",
    )
    return (content, 409) if refusal else content


@asking.post("/sessions/<uuid:session_id>")
def ask(session_id: UUID) -> Page:
    """Ask somebody for a place."""
    find_session(db.session, session_id)
    try:
        made = service.ask(db.session, desk_of(actor()), session_id, request.form.get("role", ""), _person(), _terms())
    except (ConflictError, InvalidInputError) as error:
        return _of_session(session_id, error)
    flash(_("%(name)s is asked.", name=made.volunteer.name), "success")
    return redirect(url_for("asking.of_session", session_id=session_id))


@asking.get("/requests/<uuid:question_id>/instead")
def instead(question_id: UUID) -> str:
    """Show for what else somebody could be asked, the nearest to the time that they proposed first."""
    row = service.find_request(db.session, question_id)
    places = other_places(db.session, desk_of(actor()), row)
    return render_template("asking/instead.html", row=row, places=places)


@asking.post("/sessions/<uuid:session_id>/cancellations")
def cancel(session_id: UUID) -> Page:
    """Note that somebody who serves has told the station that they can't."""
    reason = request.form.get("reason", "")
    try:
        made = note_cancellation(db.session, desk_of(actor()), session_id, _person(), reason=reason)
    except (ConflictError, InvalidInputError) as error:
        return _of_session(session_id, error)
    flash(_("Noted that %(name)s can't come. Look for somebody else here.", name=made.volunteer.name), "success")
    return redirect(url_for("asking.of_session", session_id=session_id))


@asking.post("/requests/<uuid:question_id>/withdraw")
def withdraw(question_id: UUID) -> Page:
    """Take a question back."""
    try:
        row = service.withdraw(db.session, desk_of(actor()), question_id)
    except ConflictError as error:
        return _listed(error)
    flash(_("The question is taken back."), "success")
    return redirect(url_for("asking.of_session", session_id=row.session_id) if row.plan_id is None else _home())


@asking.post("/swaps/<uuid:swap_id>")
def decide_swap(swap_id: UUID) -> Page:
    """Approve a swap or refuse it."""
    approved = request.form.get("approved") == "yes"
    try:
        decide(db.session, desk_of(actor()), swap_id, approved=approved)
    except ConflictError as error:
        return _listed(error)
    flash(_("The swap is approved.") if approved else _("The swap is refused: the duty is offered again."), "success")
    return redirect(_home())


@asking.post("/plans/<uuid:plan_id>")
def of_plan(plan_id: UUID) -> Response:
    """Ask everybody whom a plan has serve."""
    count = ask_for_plan(db.session, desk_of(actor()), plan_id, _terms())
    said = ngettext("%(num)s question is on its way.", "%(num)s questions are on their way.", count)
    flash(said if count else _("Everybody has been asked already."), "success")
    return redirect(_home())


@asking.route("/rules", methods=["GET", "POST"])
def rules() -> Page:
    """Decide what the station minds where people take duties on their own word."""
    form = RulesForm(data=RulesForm.values(rules_of(db.session, own_station())))
    form.offer({key: say(program.name) for key, program in wiring().hooks.programs.items()})
    if form.validate_on_submit():
        try:
            decide_rules(db.session, desk_of(actor()), own_station(), form.rules())
        except InvalidInputError as error:
            form.refuse(error)
        else:
            flash(_("The rules are saved."), "success")
            return redirect(_home())
    page = render_template("asking/rules.html", form=form)
    return page, 422 if form.errors or form.form_errors else 200


def _terms() -> Terms:
    hours = request.form.get("hours", "").strip()
    if hours and not (hours.isascii() and hours.isdigit()):
        raise InvalidInputError(Message("Give 1 to 336 hours to answer."))
    return Terms(hours=int(hours) if hours else None, go_on=request.form.get("go_on") == "yes")


def _person() -> UUID:
    try:
        return UUID(request.form.get("person", ""))
    except ValueError:
        raise NotFoundError(Message("There is no such person.")) from None


def _home() -> str:
    return url_for("asking.listed")
