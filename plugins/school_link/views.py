"""The program's pages: for staff, how far schools have confirmed; for a school's liaison, to answer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.plugin_api import (
    ANYONE,
    Capability,
    MenuEntry,
    Message,
    WebPart,
    actor,
    db,
    limiter,
    other_starts,
    today,
    wiring,
)
from plugins.school_link import queries, services
from plugins.school_link.models import School
from plugins.school_link.standing import Matter, matters

blueprint = Blueprint("school_link", __name__, url_prefix="/school-link", template_folder="templates")
_LOOKING: Final = "60 per minute; 600 per hour"
#: What the planner offers takes it some seconds to find.
_SEARCHING: Final = "12 per minute; 60 per hour"


@blueprint.get("/confirmations")
def confirmations() -> str:
    """Show staff the sessions of schools that confirm, and the secret addresses that work."""
    return _staff_page()


@blueprint.post("/confirmations/<uuid:school_id>/ask")
def ask(school_id: UUID) -> BaseResponse:
    """Ask a school for the sessions of the newest plan that it hasn't been asked for."""
    school = services.find_school(db.session, school_id)
    count = services.ask(db.session, actor(), wiring().clock, _matters(school))
    flash(_("%(school)s is asked for %(count)s sessions.", school=school.name, count=count), "success")
    return redirect(url_for("school_link.confirmations"))


@blueprint.post("/confirmations/<uuid:school_id>/link")
def open_link(school_id: UUID) -> str:
    """Make a secret address for a school's liaison and show it this one time."""
    token = services.open_link(db.session, actor(), wiring().clock, school_id, today())
    address = f"{wiring().settings.base_url}{url_for('school_link.liaison', token=token)}"
    return _staff_page(made=address, made_for=services.find_school(db.session, school_id).name)


@blueprint.post("/confirmations/link/<uuid:link_id>/revoke")
def revoke_link(link_id: UUID) -> BaseResponse:
    """End a secret address."""
    services.revoke_link(db.session, actor(), wiring().clock, link_id)
    flash(_("The address is revoked."), "success")
    return redirect(url_for("school_link.confirmations"))


@blueprint.get("/by-link/<token>")
@limiter.limit(_LOOKING)
def liaison(token: str) -> Response:
    """Show whoever holds a school's secret what the school is asked for."""
    school = services.enter(db.session, token, today())
    asked = [matter for matter in _matters(school) if matter.answer is not None]
    return _unlisted(render_template("school_link/liaison.html", school=school, token=token, matters=asked))


@blueprint.post("/by-link/<token>/confirm")
@limiter.limit(_LOOKING)
def confirm(token: str) -> BaseResponse:
    """Confirm one session, or all that wait for an answer."""
    school = services.enter(db.session, token, today())
    found = _matters(school)
    if chosen := request.form.get("confirmation"):
        found = [services.matter_of(found, school, _uuid(chosen))]
    count = services.confirm(db.session, wiring().clock, school, found)
    flash(_("%(count)s sessions are confirmed. Thank you.", count=count), "success")
    return _back(token)


@blueprint.post("/by-link/<token>/<uuid:confirmation_id>/decline")
@limiter.limit(_LOOKING)
def decline(token: str, confirmation_id: UUID) -> BaseResponse:
    """Decline a session with a reason."""
    school = services.enter(db.session, token, today())
    matter = services.matter_of(_matters(school), school, confirmation_id)
    services.decline(db.session, wiring().clock, school, matter, request.form.get("reason", ""))
    flash(_("The station is told that this session isn't possible."), "success")
    return _back(token)


@blueprint.get("/by-link/<token>/<uuid:confirmation_id>/other-times")
@limiter.limit(_SEARCHING)
def other_times(token: str, confirmation_id: UUID) -> Response:
    """Show the other times that the planner offers for a session."""
    school = services.enter(db.session, token, today())
    matter = services.matter_of(_matters(school), school, confirmation_id)
    starts = _offered(matter)
    return _unlisted(
        render_template("school_link/other_times.html", school=school, token=token, matter=matter, starts=starts)
    )


@blueprint.post("/by-link/<token>/<uuid:confirmation_id>/propose")
@limiter.limit(_SEARCHING)
def propose(token: str, confirmation_id: UUID) -> BaseResponse:
    """Propose one of the times that the planner offers."""
    school = services.enter(db.session, token, today())
    matter = services.matter_of(_matters(school), school, confirmation_id)
    start = request.form.get("start", "")
    services.propose(db.session, wiring().clock, school, matter, start, _offered(matter))
    flash(_("The station is told which time the school would rather have."), "success")
    return _back(token)


def _matters(school: School) -> list[Matter]:
    return [one for one in matters(db.session, wiring().wall_clock()) if one.school.id == school.id]


def _offered(matter: Matter) -> tuple[datetime, ...]:
    activity = matter.planned.activity
    return other_starts(db.session, wiring().hooks, matter.term_id, activity.id, matter.planned.index)


def _staff_page(made: str | None = None, made_for: str = "") -> str:
    schools = sorted(db.session.scalars(queries.schools()), key=str)
    found = matters(db.session, wiring().wall_clock())
    links = list(db.session.scalars(queries.links_that_work(today())))
    return render_template(
        "school_link/confirmations.html",
        schools=[
            (
                school,
                [one for one in found if one.school.id == school.id],
                [one for one in links if one.school_id == school.id],
            )
            for school in schools
        ],
        made=made,
        made_for=made_for,
    )


def _back(token: str) -> BaseResponse:
    return redirect(url_for("school_link.liaison", token=token))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _unlisted(page: str) -> Response:
    """Return a page that no search engine shall list."""
    answer = make_response(page)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="school_link",
    mount=_mount,
    permissions={
        "school_link.confirmations": Capability.SEE_PLANS,
        "school_link.ask": Capability.KEEP_CALENDAR,
        "school_link.open_link": Capability.KEEP_CALENDAR,
        "school_link.revoke_link": Capability.KEEP_CALENDAR,
        # The secret in their addresses is the permission.
        "school_link.liaison": ANYONE,
        "school_link.confirm": ANYONE,
        "school_link.decline": ANYONE,
        "school_link.other_times": ANYONE,
        "school_link.propose": ANYONE,
    },
    menu=(MenuEntry(Message("School confirmations"), "school_link.confirmations"),),
    deeds={
        "school_link.asked": Message("Asked a school to confirm sessions"),
        "school_link.link_opened": Message("Made an address for a school"),
        "school_link.link_revoked": Message("Revoked a school's address"),
        "school_link.confirmed": Message("A school confirmed sessions"),
        "school_link.declined": Message("A school declined a session"),
        "school_link.proposed": Message("A school proposed another time"),
    },
)
