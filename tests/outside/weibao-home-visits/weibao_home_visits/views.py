"""The program's pages: for staff who is due and what was done, for visitors where they go, these days and no longer."""

from typing import Final
from uuid import UUID

from core.plugin_api import (
    Capability,
    ConflictError,
    DomainError,
    InvalidInputError,
    MenuEntry,
    Message,
    NotFoundError,
    WebPart,
    actor,
    db,
    today,
    wiring,
)
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from weibao_home_visits import due, services
from weibao_home_visits.forms import NeedForm, NewNeedForm, VisitForm
from weibao_home_visits.months import Month

blueprint = Blueprint("home_visits", __name__, url_prefix="/home-visits", template_folder="templates")
Page = str | Response | tuple[str, int]
_UNFIT: Final = 422


@blueprint.get("/")
def month() -> str:
    """Show who is due a visit in a month, by whom and when, and what was done."""
    asked = Month.read(request.args["month"]) if "month" in request.args else Month.of(today())
    visits = due.due_in(db.session, asked)
    return render_template(
        "home_visits/month.html",
        month=asked,
        visits=visits,
        tally=due.tally(visits),
        children=due.children_of_visits(db.session, visits, today()),
        visitors=due.visitors_of(db.session, visits),
    )


@blueprint.route("/needs/new", methods=["GET", "POST"])
def new_need() -> Page:
    """Note a child who is to be visited."""
    form, refused = NewNeedForm(), None
    if form.validate_on_submit():
        try:
            need = services.note_need(
                db.session,
                actor(),
                wiring().clock,
                child_number=form.number.data,
                days_apart=form.days_apart.data,
                since=form.since.data,
            )
        except (ConflictError, NotFoundError) as error:
            refused = error
        else:
            flash(_("The need is noted. Say which series of visits serves it."), "success")
            return redirect(url_for("home_visits.need", need_id=need.id))
    return _form_page("home_visits/new_need.html", form, refused)


@blueprint.route("/needs/<uuid:need_id>", methods=["GET", "POST"])
def need(need_id: UUID) -> Page:
    """Show a need, change it, and say which series serves it."""
    found, refused = services.find_need(db.session, need_id), None
    form = NeedForm(obj=found)
    form.offer(services.series_offered(db.session, today()))
    if form.validate_on_submit():
        try:
            _change(need_id, form)
        except (InvalidInputError, NotFoundError) as error:
            refused = error
        else:
            flash(_("What you entered is kept. The timetable changes when the term is planned again."), "success")
            return redirect(url_for("home_visits.month"))
    child = services.child_of(db.session, found, today())
    return _form_page("home_visits/need.html", form, refused, need=found, child=child)


@blueprint.route("/visits/<uuid:activity_id>/<int:position>", methods=["GET", "POST"])
def visit(activity_id: UUID, position: int) -> Page:
    """Note that a visit was made."""
    series, made = services.find_visit(db.session, activity_id, position)
    form, refused = VisitForm(obj=made), None
    if form.validate_on_submit():
        try:
            services.note_visit(
                db.session,
                actor(),
                wiring().clock,
                activity_id=activity_id,
                position=position,
                done_on=form.done_on.data,
                note=form.note.data or None,
                today=today(),
            )
        except InvalidInputError as error:
            refused = error
        else:
            flash(_("The visit is noted."), "success")
            return redirect(url_for("home_visits.month", month=str(Month.of(form.done_on.data))))
    child = services.child_of(db.session, series.need, today())
    return _form_page("home_visits/visit.html", form, refused, child=child, number=position + 1)


@blueprint.get("/mine")
def mine() -> str:
    """Show a visitor the visits of these days, not yet where they lead: that is asked for visit by visit."""
    visits = services.own_visits(db.session, actor().volunteer_id, today())
    return render_template("home_visits/mine.html", visits=visits)


@blueprint.post("/mine/<uuid:session_id>")
def home(session_id: UUID) -> str:
    """Show one of its two visitors where a visit leads; to ask is a deed that the audit log keeps, hence no GET."""
    own, shown = services.home_of_visit(db.session, actor(), wiring().clock, session_id, today())
    return render_template("home_visits/home.html", visit=own, home=shown)


def _change(need_id: UUID, form: NeedForm) -> None:
    session, who, clock = db.session, actor(), wiring().clock
    services.change_need(session, who, clock, need_id, days_apart=form.days_apart.data, until=form.until.data)
    if form.activity.data:
        services.link_series(session, who, clock, need_id, form.activity.data, today())


def _form_page(template: str, form: object, refused: DomainError | None, **values: object) -> Page:
    errors = bool(getattr(form, "errors", None)) or refused is not None
    reason: Message | None = refused.message if refused else None
    return render_template(template, form=form, refused=reason, **values), _UNFIT if errors else 200


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


PAGES: Final = WebPart(
    name="home_visits",
    mount=_mount,
    permissions={
        "home_visits.month": Capability.SEE_PLANS,
        "home_visits.new_need": Capability.KEEP_CHILDREN,
        "home_visits.need": Capability.SEE_CHILDREN,
        "home_visits.visit": Capability.KEEP_CHILDREN,
        "home_visits.mine": Capability.OWN_DUTIES,
        "home_visits.home": Capability.OWN_DUTIES,
    },
    menu=(
        MenuEntry(Message("Home visits"), "home_visits.month"),
        MenuEntry(Message("My visits"), "home_visits.mine"),
    ),
    deeds={
        "home_visits.needed": Message("Noted that a child is to be visited"),
        "home_visits.changed": Message("Changed when a child is visited"),
        "home_visits.linked": Message("Chose a series of visits for a child"),
        "home_visits.made": Message("Noted a visit at home"),
    },
)
