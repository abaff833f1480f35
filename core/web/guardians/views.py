"""Views of a guardian's own pages; what isn't open to the guardian answers as if there were nothing."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.domain.actor import EVERYTHING
from core.domain.errors import Message, NotFoundError
from core.domain.vocabulary import ConsentPurpose, GuardianAccess
from core.extensions import db, limiter, wiring
from core.feeds.ics import render, tag_of
from core.services import guardian_consents as services
from core.services import guardian_links as links
from core.services import guardian_pages as pages
from core.services.guardian_links import Visit
from core.services.wishes.families import family_rounds
from core.web.feeds.answering import Version, in_full, unchanged, zipped
from core.web.feeds.views import chosen, offers, shown_once
from core.web.feeds.ways import NewAddress
from core.web.guardians.opening import LIMIT, Page, ask_for_code, guardians, is_open, open_up, opened, to_the_code
from core.web.guardians.wishes import carried_wishes, the_desk
from core.web.languages import CHINESE, current_language

__all__ = ["guardians"]


@guardians.get("/<token>")
@limiter.limit(LIMIT)
def page(token: str) -> Page:
    """Ask for the code, or show the consents and, with full access, what the child takes part in."""
    found = links.visit(db.session, wiring().clock, token)
    return _overview(found, token) if is_open(found.link.id) else ask_for_code(token)


@guardians.post("/<token>")
@limiter.limit("20 per minute; 100 per hour")
def enter(token: str) -> Page:
    """Open the pages with the code; each try is counted in a transaction of its own, whatever is answered."""
    app = wiring()
    with app.database.writing(EVERYTHING) as counting:
        link_id = links.try_code(counting, app.clock, token, request.form.get("code", ""))
    if link_id is None:
        return ask_for_code(token, wrong=True, carried=request.form), 422
    open_up(link_id)
    if request.form.get("term"):
        return carried_wishes(token, request.form["term"])
    return redirect(url_for("guardians.page", token=token))


@guardians.get("/<token>/consents/<purpose>")
@limiter.limit(LIMIT)
def consent(token: str, purpose: str) -> Page:
    """Show the text with which this consent is asked for, to agree to or to withdraw."""
    found, wanted = opened(token), _purpose(purpose)
    return to_the_code(token) if found is None else _consent(found, token, wanted)


@guardians.post("/<token>/consents/<purpose>")
@limiter.limit(LIMIT)
def give(token: str, purpose: str) -> Page:
    """Note that the guardian agrees to the text that was shown; one that isn't in force any more is shown anew."""
    app, found, wanted = wiring(), opened(token), _purpose(purpose)
    if found is None:
        return to_the_code(token)
    try:
        services.agree(db.session, app.clock, found, wanted, request.form.get("version", ""), today=app.today())
    except services.TextRenewedError as error:
        return _consent(found, token, wanted, problem=error), 409
    flash(_("You have agreed. Thank you."), "success")
    return redirect(url_for("guardians.page", token=token))


@guardians.post("/<token>/consents/<purpose>/withdraw")
@limiter.limit(LIMIT)
def withdraw(token: str, purpose: str) -> BaseResponse:
    """Note that the guardian withdraws what they agreed to, here or on paper."""
    app, found, wanted = wiring(), opened(token), _purpose(purpose)
    if found is not None and services.withdraw(db.session, app.clock, found, wanted, today=app.today()):
        flash(_("Your consent is withdrawn from today on."), "success")
    return to_the_code(token)


@guardians.post("/<token>/calendar")
@limiter.limit(LIMIT)
def open_calendar(token: str) -> Page:
    """Make the calendar's secret address and show it this one time."""
    found = opened(token)
    if found is None:
        return to_the_code(token)
    made = links.open_calendar(db.session, wiring().clock, found, chosen())
    return _overview(found, token, made=shown_once(url_for("guardians.calendar", token=made)))


@guardians.get("/<token>/calendar.ics")
@limiter.limit("120 per minute; 2000 per hour")
def calendar(token: str) -> Response:
    """Answer a calendar program; its fetch and what it is told first are noted in a transaction of their own."""
    app = wiring()
    found = links.visit_calendar(db.session, app.clock, token)
    told = pages.calendar_of(db.session, app.clock, found)
    if told.unnoted or pages.is_behind(db.session, found, app.wall_clock()):
        with app.database.writing(EVERYTHING) as telling:
            found = links.visit_calendar(telling, app.clock, token)
            pages.bring_up_to_date(telling, app.clock, found, app.wall_clock())
            pages.note_fetch(app.clock, found)
            told = pages.calendar_of(telling, app.clock, found)
    content = render(told.feed)
    version = Version(tag_of(content), told.changed_at)
    answer = unchanged(request.environ, version) or in_full(request.environ, version, zipped(content))
    return Response(answer.body, answer.status, answer.headers)


def _purpose(text: str) -> ConsentPurpose:
    if text not in set(ConsentPurpose):
        raise NotFoundError(Message("There is nothing at this address."))
    return ConsentPurpose(text)


def _consent(
    found: Visit, token: str, purpose: ConsentPurpose, problem: services.TextRenewedError | None = None
) -> str:
    standing = services.standing_of(db.session, found, purpose, wiring().today())
    text = standing.text
    return render_template(
        "guardians/consent.html",
        token=token,
        standing=standing,
        text=text.chinese if current_language() == CHINESE else text.english,
        full=found.access is GuardianAccess.FULL,
        problem=problem,
    )


def _overview(found: Visit, token: str, made: NewAddress | None = None) -> str:
    full = found.access is GuardianAccess.FULL
    # What looks beyond the wall comes first: it lets go whatever was loaded.
    rounds = family_rounds(db.session, the_desk(), found) if full else ()
    found = links.visit(db.session, wiring().clock, token)
    return render_template(
        "guardians/page.html",
        token=token,
        made=made,
        full=full,
        rounds=rounds,
        now=wiring().wall_clock(),
        child=found.child,
        standings=services.standings(db.session, found, wiring().today()),
        dates=pages.dates_ahead(db.session, found, wiring().wall_clock()) if full else (),
        link=found.link,
        **offers(),
    )
