"""A small station that makes home visits, gone through step by step in processes of their own.

`python station.py STEP` reads the installation's settings from the environment, as `weibao` does, and prints JSON:
`begin` and `back` want the plugin to be installed, `without` wants it not to be.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.app import create_app
from core.cli.installation import Machine, install
from core.cli.main import main
from core.cli.planning import draft_plan, newest_plan, publish_draft
from core.config import Settings
from core.db.models import Activity, ActivitySession, AuditEntry, Child, Station, Term, Volunteer
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.services.accounts import add_user
from core.services.publishing import NotSettledError
from core.services.reports import report
from core.services.settings import check_settings
from core.testing import TEST_MOMENT
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD
from tests.integration import builders as make

CLOCK: Final = FixedClock(TEST_MOMENT)
#: The day of the first visits, on which visitors look where to go.
LATER: Final = FixedClock(TEST_MOMENT + timedelta(days=3))
TERM: Final = "走访学期"
NUMBERS: Final = ("C001", "C002")
ADDRESS: Final = "虚构路%s号"
NOTE: Final = "家中需要一张书桌"
SECONDS: Final = 1.0


# --- The station, with the plugin ----------------------------------------------


def begin() -> Mapping[str, Any]:
    """Found the station and plan its visits, then make the first of them."""
    return {"planned": found(), "told": visit()}


def found() -> Mapping[str, Any]:
    """Found the station, plan its term, be refused because visits lead to nobody who needs them, mend that, publish."""
    machine = install(Settings.from_environment(), CLOCK)
    with machine.writing() as session:
        term = _populate(session, machine)
        _need(session, NUMBERS[0], "走访1", term)
    plan = draft_plan(machine, TERM, seconds=SECONDS, workers=2)
    refusals = [_refused(machine, plan.id)]
    with machine.writing() as session:
        need = _need(session, NUMBERS[1], "走访2", session.scalars(select(Term)).one())
    _until(machine, need, date(2026, 12, 1))
    refusals.append(_refused(machine, plan.id))
    _until(machine, need, None)
    publish_draft(machine, plan.id)
    return {"refusals": refusals, **_judged(machine), "shortfalls": [row["reason"] for row in plan.shortfalls]}


def _populate(session: Session, machine: Machine) -> Term:
    """Make volunteers, of whom two share a household, two children, two visits to each, and a class of another kind."""
    station = make.a_station(session)
    for number, household in enumerate(("H1", "H1", None), start=1):
        person = make.a_volunteer(session, station, number=f"V{number}", household=household)
        _account(session, station, Role.VOLUNTEER, f"v{number}", person)
    for role in (Role.ORGANIZER, Role.STATION_STAFF):
        _account(session, station, role, role.value)
    term = make.a_term(session, station, name=TERM)
    form = check_settings(machine.hooks.activity_types["home_visits.visit"], {})
    for number, file in enumerate(NUMBERS, start=1):
        make.a_child(session, station, number=file, address=ADDRESS % number)
        visits = make.an_activity(
            session,
            term,
            title=f"走访{number}",
            type_key="home_visits.visit",
            session_count=2,
            size=1,
            zones=[],
            closed=True,
            times=["09:00", "10:15", "16:30"],
            settings=form,
        )
        visits.roles[0].role, visits.roles[0].continuity = "visitor", True
    make.a_room(session, make.a_venue(session, station))
    make.an_activity(session, term, title="绘画课", session_count=2)
    return term


def _account(session: Session, station: Station, role: Role, login: str, person: Volunteer | None = None) -> None:
    add_user(
        session,
        SYSTEM,
        CLOCK,
        login=login,
        password=PASSWORD,
        role=role,
        station_id=station.id,
        volunteer_id=person.id if person else None,
    )


def _need(session: Session, number: str, title: str, term: Term) -> UUID:
    """Note that a child is to be visited, and which series does it; return the need's id."""
    from weibao_home_visits import services  # noqa: PLC0415 (it isn't there for the step without it)

    need = services.note_need(session, SYSTEM, CLOCK, child_number=number, days_apart=21, since=date(2026, 11, 1))
    activity = session.scalars(select(Activity).where(Activity.title == title, Activity.term_id == term.id)).one()
    services.link_series(session, SYSTEM, CLOCK, need.id, str(activity.id), TEST_MOMENT.date())
    return need.id


def _until(machine: Machine, need_id: UUID, until: date | None) -> None:
    from weibao_home_visits import services  # noqa: PLC0415 (see above)

    with machine.writing() as session:
        services.change_need(session, SYSTEM, CLOCK, need_id, days_apart=21, until=until)


def _refused(machine: Machine, plan_id: UUID) -> str:
    """Return the reason why a plan may not be published yet."""
    try:
        publish_draft(machine, plan_id)
    except NotSettledError as error:
        return str(error.objections[0].reason)
    return ""


def _judged(machine: Machine) -> Mapping[str, Any]:
    """Return the newest plan with what an audit by all rules says of it, and of a plan that knew core's rules alone."""
    row = newest_plan(machine, TERM)
    problem, plan = Problem.from_json(row.problem), Plan.from_json(row.document)
    rules = (*DEFAULT_RULES, *machine.hooks.planning_rules())
    return {
        "extension": problem.extensions.get("home_visits"),
        "held": [[planned.activity, planned.index, planned.start] for planned in plan.sessions],
        "breaches": [breach.rule for breach in audit(problem, plan, rules).breaches],
        "careless": sorted({breach.rule for breach in audit(problem, _careless(problem), rules).breaches}),
        "households": [
            sorted({problem.person_of[person].home[1] for person in planned.people()}) for planned in plan.sessions
        ],
        "status": row.status.value,
        "visits": [activity.id for activity in problem.activities if activity.program == "home_visits"],
    }


def _careless(problem: Problem) -> Plan:
    """Return a plan of the same term made as if there were no program's rules; no chance is in it."""
    free = replace(problem, extensions={})
    return construct(Task(free, DEFAULT_RULES, DEFAULT_PREFERENCES, seed=0, workers=1), seed=0)


def visit() -> Mapping[str, Any]:
    """Let each volunteer look where a visit leads on its day, and staff note that it was made."""
    app, machine = _site()
    return {**_looks(app, machine), **_entries(app, machine)}


def _looks(app: Flask, machine: Machine) -> Mapping[str, Any]:
    """Return who was told where the first visit leads, and what came of looking three weeks ahead."""
    with machine.reading() as session:
        row = session.scalars(_first_visit()).one()
        serving = sorted(one.volunteer.number.lower() for one in row.assignments)
        (ahead,) = (other for other in row.activity.sessions if other.id != row.id)
        early = ahead.assignments[0].volunteer.number.lower(), ahead.id
    answers = {login: _looked(app, login, row.id) for login in ("v1", "v2", "v3", "organizer")}
    with machine.reading() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.home_shown")).all()
    return {
        "serving": serving,
        "told": sorted(login for login, (status, page) in answers.items() if status == 200 and "虚构路" in page),
        "refused": sorted(status for status, page in answers.values() if "虚构路" not in page),
        "early": _looked(app, *early)[0],
        "looks": len(looks),
    }


def _entries(app: Flask, machine: Machine) -> Mapping[str, Any]:
    """Return what came of what staff entered, and what they, the command line and a report then say."""
    with machine.reading() as session:
        row = session.scalars(_first_visit()).one()
        told = report(session, machine.hooks, row.station_id, date(2026, 11, 1), date(2026, 12, 31))
    staff, place = _browser(app, "station_staff"), f"/home-visits/visits/{row.activity_id}/{row.position}"
    noted = staff.send(place, {"done_on": "2026-11-28", "note": NOTE}).status_code
    month = staff.get("/home-visits/?month=2026-11").get_data(as_text=True)
    (need, *_) = re.findall("/home-visits/needs/[0-9a-f-]{36}", month)
    new, asked = "/home-visits/needs/new", {"since": "2026-11-01", "days_apart": "21", "number": NUMBERS[0]}
    unfit: Sequence[tuple[str, Mapping[str, str]]] = (
        (place, {"done_on": "2026-12-31"}),
        (new, asked),
        (new, {**asked, "number": "C999"}),
        (new, {**asked, "days_apart": "40"}),
        (need, {"days_apart": "21", "until": "2026-10-01"}),
    )
    return {
        "noted": noted,
        "unfit": [staff.send(path, form).status_code for path, form in unfit],
        "changed": staff.send(need, {"days_apart": "20", "until": "2026-12-31"}).status_code,
        "no_month": staff.get("/home-visits/?month=soon").status_code,
        "report": [section.table.rows for section in told if section.key == "home_visits_visits" and section.table],
        "month": [word for word in (*NUMBERS, "11月28日") if word in month],
        "counted": CliRunner().invoke(main, ["home_visits", "due", "2026-11"]).output,
        "leaks": [word for word in ("虚构路", NOTE) if word in month],
    }


def _first_visit() -> Any:
    return (
        select(ActivitySession)
        .join(ActivitySession.activity)
        .where(Activity.type_key == "home_visits.visit", ActivitySession.starts_at < LATER.now().replace(tzinfo=None))
        .order_by(ActivitySession.starts_at, Activity.title)
        .limit(1)
    )


def _looked(app: Flask, login: str, session_id: UUID) -> tuple[int, str]:
    answer = _browser(app, login).send(f"/home-visits/mine/{session_id}", {}, seen_on="/account/password")
    return answer.status_code, answer.get_data(as_text=True)


def back() -> Mapping[str, Any]:
    """Come back with the plugin to what it had."""
    app, machine = _site()
    month = _browser(app, "station_staff").get("/home-visits/?month=2026-11").get_data(as_text=True)
    with machine.reading() as session:
        row = session.scalars(_first_visit()).one()
    noted = _browser(app, "station_staff").get(f"/home-visits/visits/{row.activity_id}/{row.position}")
    return {
        "month": [word for word in (*NUMBERS, "11月28日") if word in month],
        "note": NOTE in noted.get_data(as_text=True),
        "sessions": _sessions(machine),
        "broken": [broken.key for broken in machine.hooks.broken],
        "restricted": _restricted(app, machine),
    }


def _restricted(app: Flask, machine: Machine) -> Mapping[str, Any]:
    """Return what comes of noting and looking once the use of both children's data is restricted."""
    with machine.writing() as session:
        for child in session.scalars(select(Child)):
            make.restrict(session, child.id)
        row = session.scalars(_first_visit()).one()
    staff = _browser(app, "station_staff")
    month = staff.get("/home-visits/?month=2026-11").get_data(as_text=True)
    need = re.findall("/home-visits/needs/[0-9a-f-]{36}", month)[1]
    place, form = f"/home-visits/visits/{row.activity_id}/{row.position}", {"done_on": "2026-11-28"}
    return {
        "noted": staff.send(place, {**form, "note": "新"}).status_code,
        "apart": staff.send(need, {"days_apart": "19", "until": ""}).status_code,
        "ended": staff.send(need, {"days_apart": "21", "until": "2026-12-31"}).status_code,
        "told": [_looked(app, login, row.id)[0] for login in ("v1", "v2", "v3")],
    }


# --- The station, without it ---------------------------------------------------


def without() -> Mapping[str, Any]:
    """Go on without the plugin: migrate, look at the pages, plan the term again and publish it."""
    app, machine = _site()
    organizer = _browser(app, "organizer")
    before = _sessions(machine)
    pages = {path: organizer.get(path) for path in ("/activities/", "/timetable/", "/calendar/", "/plans/", "/admin/")}
    with machine.reading() as session:
        shown = organizer.get(f"/sessions/{session.scalars(_first_visit()).one().id}")
    draft = draft_plan(machine, TERM, seconds=SECONDS, workers=2)
    publish_draft(machine, draft.id)
    with machine.reading() as session:
        children = [child.number for child in session.scalars(select(Child).order_by(Child.number))]
    return {
        "plugins": sorted(plugin.key for plugin in machine.hooks.plugins),
        "pages": {path: page.status_code for path, page in {**pages, "session": shown}.items()},
        "gone": organizer.get("/home-visits/").status_code,
        "orphans": pages["/activities/"].get_data(as_text=True).count("home_visits.visit"),
        "tables": sorted(name for name in inspect(machine.database.engine).get_table_names() if "home_visits" in name),
        "before": before,
        "sessions": _sessions(machine),
        "children": children,
        **{key: value for key, value in _judged(machine).items() if key in {"status", "breaches"}},
    }


def _sessions(machine: Machine) -> list[str]:
    """Return the visits as published: their ids and when they are."""
    with machine.reading() as session:
        rows = session.scalars(
            select(ActivitySession)
            .join(ActivitySession.activity)
            .where(Activity.type_key == "home_visits.visit", ActivitySession.status == "held")
            .order_by(ActivitySession.id)
        )
        return [f"{row.id} {row.starts_at}" for row in rows]


def _site() -> tuple[Flask, Machine]:
    """Return the installation, brought up to date, and its pages."""
    machine = install(Settings.from_environment(), LATER)
    settings = replace(machine.settings, second_factor_forced=False)
    return create_app(settings, machine.hooks, database=machine.database, clock=LATER), machine


def _browser(app: Flask, login: str) -> Browser:
    browser = Browser(app.test_client())
    assert browser.sign_in(login).status_code == 302
    return browser


STEPS: Final[Mapping[str, Callable[[], Mapping[str, Any]]]] = MappingProxyType(
    {"begin": begin, "without": without, "back": back}
)

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](), ensure_ascii=False))  # noqa: T201 (a program that reports to a test)
