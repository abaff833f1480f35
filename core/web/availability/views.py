"""Views of when somebody can serve: their own page, and the same entered for somebody without a phone."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import Term, Volunteer
from core.db.queries import availability as queries
from core.domain.availability import NEVER, Answer, Company, Part
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services import availability as service
from core.services.program_switches import programs_switched_off
from core.services.volunteering import find_person
from core.web.availability.forms import AnswerForm, CalendarForm
from core.web.availability.lines import Lines, days_away, free_times, lines_of, lines_sent
from core.web.availability.parts import calendars_shown, change_calendars
from core.web.text import say

availability = Blueprint("availability", __name__)
Page = str | Response | tuple[str, int]

#: How much somebody likes a program, as a form offers it.
LIKINGS = {
    2: Message("Very much"),
    1: Message("Gladly"),
    0: Message("Yes, as well"),
    -1: Message("If need be"),
    NEVER: Message("No, never"),
}


@availability.route("/duties/when", methods=["GET", "POST"])
def mine() -> Page:
    """Show when the reader can serve, and save what they change."""
    return _answered(_myself())


@availability.post("/duties/when/calendars")
def my_calendars() -> Page:
    """Take a calendar of the reader's own with busy times, or forget one."""
    return _calendars(_myself())


@availability.route("/volunteers/<uuid:volunteer_id>/when", methods=["GET", "POST"])
def of_volunteer(volunteer_id: UUID) -> Page:
    """Show when somebody else can serve, and save what is changed for them."""
    return _answered(find_person(db.session, volunteer_id))


@availability.post("/volunteers/<uuid:volunteer_id>/when/calendars")
def calendars_of_volunteer(volunteer_id: UUID) -> Page:
    """Take a calendar of somebody else with busy times, or forget one."""
    return _calendars(find_person(db.session, volunteer_id))


def _myself() -> Volunteer:
    key = actor().volunteer_id
    if key is None:
        raise NotFoundError(Message("Your account has no file as a volunteer: ask the station."))
    return find_person(db.session, key)


def _answered(row: Volunteer) -> Page:
    form = _form(row)
    if request.method == "GET":
        return _page(row, form)
    try:
        told = _done(row, form)
    except (InvalidInputError, ConflictError) as error:
        form.refuse(error)
        return _page(row, form, lines_sent(request.form)), 422
    if form.errors:
        return _page(row, form, lines_sent(request.form)), 422
    flash(say(told), "success")
    return redirect(_own_address(row))


def _done(row: Volunteer, form: AnswerForm) -> Message:
    app, deed = wiring(), request.form.get("deed", "save")
    if deed == "undo":
        service.take_back(db.session, actor(), app.clock, row)
        return Message("What stood before is back.")
    if deed == "carry_on":
        service.carry_on(db.session, actor(), app.clock, row, _term(row).id)
        return Message("The weekly pattern holds for the coming term too.")
    if form.validate():
        service.save_answer(db.session, actor(), app.clock, row, _answer(row, form))
    return Message("It is saved, and planned with from now on.")


def _calendars(row: Volunteer) -> Page:
    calendar = CalendarForm()
    try:
        told = change_calendars(row, calendar)
    except InvalidInputError as error:
        calendar.refuse(error)
        return _page(row, _form(row, sent=False), calendar=calendar), 422
    flash(say(told), "success")
    return redirect(f"{_own_address(row)}#calendars")


def _answer(row: Volunteer, form: AnswerForm) -> Answer:
    session, sees = db.session, service.sees_company(actor(), row)
    company = Company()
    if sees:
        names = ("only_with", "never_with", "lives_with")
        company = Company(**{name: service.people_named(session, row, form[name].data or "") for name in names})
    programs = {key: _liking(request.form.get(f"program-{key}", "")) for key in wiring().hooks.programs}
    unseen = {key: liking for key, liking in service.answer_of(row).programs.items() if key not in programs}
    return Answer(
        free=free_times(request.form),
        away=days_away(request.form),
        max_per_day=form.max_per_day.data,
        max_per_week=form.max_per_week.data,
        venues=frozenset(map(UUID, form.venues.data or ())),
        programs={**unseen, **programs},
        company=company,
    )


def _liking(text: str) -> int:
    return next((liking for liking in LIKINGS if str(liking) == text), 0)


def _form(row: Volunteer, *, sent: bool = True) -> AnswerForm:
    answer, session = service.answer_of(row), db.session
    data: dict[str, object] = {
        "max_per_day": answer.max_per_day,
        "max_per_week": answer.max_per_week,
        "venues": [str(key) for key in answer.venues],
    }
    if service.sees_company(actor(), row):
        company = answer.company
        data |= {name: service.names_of(session, getattr(company, name)) for name in company.__dataclass_fields__}
    form = AnswerForm(data=data) if sent else AnswerForm(formdata=None, data=data)
    form.venues.choices = [(str(one.id), one.name) for one in session.scalars(queries.venues())]
    return form


def _page(row: Volunteer, form: AnswerForm, lines: Lines | None = None, calendar: CalendarForm | None = None) -> str:
    answer, hooks = service.answer_of(row), wiring().hooks
    off = programs_switched_off(db.session, row.station_id)
    term = _next_term(row)
    return render_template(
        "availability/answer.html",
        row=row,
        own=actor().volunteer_id == row.id,
        form=form,
        calendar=calendar or CalendarForm(formdata=None),
        lines=lines or lines_of(answer),
        said=service.has_said(answer),
        parts=Part,
        programs={key: one.name for key, one in hooks.programs.items() if key not in off},
        likings=LIKINGS,
        liked=answer.programs,
        sees_company=service.sees_company(actor(), row),
        term=term,
        carries_on=term is not None and answer.moved_to(term.first, term.last) != answer,
        here=_own_address(row),
        **calendars_shown(row),
    )


def _next_term(row: Volunteer) -> Term | None:
    return db.session.scalars(queries.terms_ahead(row.station_id, wiring().today())).first()


def _term(row: Volunteer) -> Term:
    found = _next_term(row)
    if found is None:
        raise InvalidInputError(Message("There is no term ahead."))
    return found


def _own_address(row: Volunteer) -> str:
    if actor().volunteer_id == row.id:
        return url_for("availability.mine")
    return url_for("availability.of_volunteer", volunteer_id=row.id)
