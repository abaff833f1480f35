"""`weibao demo`: a made-up station from workbook to published timetable and feeds, then served.

Every step looks first whether it was done, so that a demo that was interrupted goes on where it stopped.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.cli.console import complain, reports_errors, say, wording
from core.cli.feeds import export_feeds
from core.cli.imports import imported
from core.cli.installation import Machine, install
from core.cli.planning import draft_plan, newest_plan, publish_draft
from core.cli.serve import DEFAULT_BIND, run_server
from core.config import Settings, plugins_in
from core.db.models import Child, Plan, Station, Term, User, Volunteer
from core.db.models.feed import FeedKind
from core.db.models.plan import PlanStatus
from core.db.queries import feeds as feed_queries
from core.db.queries import planning as queries
from core.domain.actor import SYSTEM, Role
from core.domain.clock import Clock, SystemClock
from core.domain.errors import Message
from core.domain.vocabulary import ConsentPurpose
from core.exchange.files import write_json
from core.services.accounts import add_user, set_password
from core.services.consents import consents_of, note_duty
from core.services.demo.places import COMMUNITY_STATIONS
from core.services.demo.registering import fill_registration
from core.services.demo.town import TOWN
from core.services.demo.workbook import DEMO_STATION, DEMO_TERM, demo_workbook
from core.services.desk import Desk
from core.services.feeds import FeedAddress, open_feed
from core.services.planning.shortfalls import told
from core.services.registration.desk import term_intake
from core.services.workbook.importing import import_workbook

PLANNING_SECONDS = 15.0
#: Logins of the demo, by role.
LOGINS = {
    Role.ADMINISTRATOR: "admin",
    Role.HEAD: "head",
    Role.STATION_STAFF: "staff",
    Role.SOCIAL_WORKER: "social-worker",
    Role.ORGANIZER: "organizer",
    Role.COMMUNITY_DIRECTOR: "director",
    Role.GRID_WORKER: "grid-worker",
    Role.VOLUNTEER: "volunteer",
    Role.AUDITOR: "auditor",
}


@click.command()
@click.option("--dir", "directory", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"))
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the pages afterwards.")
@click.option("--bind", default=DEFAULT_BIND, show_default=True, help="Address and port.")
@click.option("--seconds", type=click.FloatRange(min=1), default=PLANNING_SECONDS, show_default=True)
@reports_errors
def demo(directory: Path, bind: str, seconds: float, *, serve: bool) -> None:
    """Set up a station with made-up people in DIRECTORY, plan its season, publish it and show it."""
    settings = Settings.in_directory(directory, demo=True, base_url=f"http://{bind}", plugins=plugins_in(os.environ))
    summary_file = settings.data_dir / "summary.json"
    machine = install(settings, SystemClock())
    if summary_file.exists():
        summary = json.loads(summary_file.read_text(encoding="utf-8"))
    else:
        summary = _prepare(machine, seconds)
        write_json(summary_file, summary)
    _print(summary)
    machine.database.dispose()
    if serve:
        run_server(settings, bind=bind)


def _prepare(machine: Machine, seconds: float) -> dict[str, Any]:
    folder = machine.settings.data_dir
    _import(machine)
    plan = _published(machine, seconds)
    _open_registration(machine, plan)
    logins = _add_accounts(machine)
    write_json(folder / "problem.json", plan.problem)
    write_json(folder / "plan.json", {**plan.document, **plan.summary})
    export_feeds(machine, folder / "feeds")
    return {**_summary(machine, plan), "feeds": _open_feeds(machine), "logins": logins}


def _import(machine: Machine) -> None:
    complain(Message("Importing the demo workbook …"))
    with machine.writing() as session:
        workbook = demo_workbook(machine.hooks)
        summary = import_workbook(session, SYSTEM, machine.clock, machine.hooks, workbook, demo=True)
        _note_duties(session, machine.clock)
        for part in machine.hooks.demo_parts(TOWN).values():
            if part.fill is not None:
                part.fill(session, _station(session).id)
    for line in imported(summary):
        complain(line)


def _note_duties(session: Session, clock: Clock) -> None:
    """Name the law by which the demo's station keeps files of its children."""
    today = clock.now().date()
    for child in session.scalars(select(Child)).all():
        if not consents_of(session, child.id, today):
            note_duty(session, SYSTEM, clock, child, ConsentPurpose.DATA, law="未成年人保护法第四十三条", today=today)


def _add_accounts(machine: Machine) -> dict[str, str]:
    """Give each role an account; one that is there already gets a new password."""
    logins = {login: secrets.token_urlsafe(12) for login in LOGINS.values()}
    with machine.writing() as session:
        for role, login in LOGINS.items():
            old = session.scalars(select(User.id).where(User.login == login)).one_or_none()
            if old is None:
                _add_account(machine, session, role, login, logins[login])
            else:
                set_password(session, SYSTEM, machine.clock, old, logins[login])
    return logins


def _add_account(machine: Machine, session: Session, role: Role, login: str, password: str) -> None:
    add_user(
        session,
        SYSTEM,
        machine.clock,
        login=login,
        password=password,
        role=role,
        station_id=_a_community(session).id if role is Role.COMMUNITY_DIRECTOR else _station(session).id,
        volunteer_id=_busiest_volunteer(session).id if role is Role.VOLUNTEER else None,
        demo=True,
        demo_allowed=True,
    )


def _published(machine: Machine, seconds: float) -> Plan:
    """Return the published plan, making and publishing one where there is none."""
    with machine.reading() as session:
        term = session.scalars(queries.term_named(DEMO_TERM)).one()
        plan = session.scalars(queries.published_plan_of(term.id)).one_or_none()
    if plan is None:
        draft = draft_plan(machine, DEMO_TERM, seconds=seconds)
        publish_draft(machine, draft.id)
    return newest_plan(machine, DEMO_TERM) if plan is None else plan


def _open_registration(machine: Machine, plan: Plan) -> None:
    """Let some of the demo's children be registered for what was published, once."""
    complain(Message("Registering children …"))
    desk = Desk(SYSTEM, machine.clock, machine.hooks, machine.settings.timezone)
    with machine.writing() as session:
        if term_intake(session, plan.term_id) is None:
            fill_registration(session, desk, plan.term_id, lambda key: machine.hooks.activity_types[key].audience)


def _open_feeds(machine: Machine) -> dict[str, str]:
    """Make the two secret addresses that the summary shows: the station's, and one volunteer's."""
    base = machine.settings.base_url
    with machine.writing() as session:
        station, volunteer = _station(session), _busiest_volunteer(session)
        addresses = {
            "station": FeedAddress(station.id, FeedKind.STATION, station.id.hex),
            "volunteer": FeedAddress(volunteer.station_id, FeedKind.VOLUNTEER, volunteer.id.hex),
        }
        tokens = {name: open_feed(session, SYSTEM, machine.clock, address) for name, address in addresses.items()}
    return {name: f"{base}/feeds/{token}.ics" for name, token in tokens.items()}


def _summary(machine: Machine, plan: Plan) -> dict[str, Any]:
    with machine.reading() as session:
        station = _station(session)
        words = wording()
        short = [told(session, machine.hooks, shortfall) for shortfall in plan.shortfalls]
        return {
            "station": station.name,
            "term": session.get_one(Term, plan.term_id).name,
            "version": plan.version,
            "published": plan.status is PlanStatus.PUBLISHED,
            "held": plan.summary["held"],
            "session_count": plan.summary["session_count"],
            "cost": plan.summary["cost"],
            "bound": plan.summary["bound"],
            "seconds": plan.summary["seconds"],
            "shortfalls": [
                {
                    "title": words.say(one.title),
                    "reason": words.say(one.reason),
                    "cures": [words.say(cure) for cure in one.cures],
                    "verified": one.verified,
                }
                for one in short
            ],
            "timetable": f"{machine.settings.base_url}/p/{station.slug}",
        }


def _print(summary: dict[str, Any]) -> None:
    say(Message("%(station)s – %(term)s: version %(version)s is published.", summary))
    say(Message("%(held)s of %(session_count)s sessions are held.", summary))
    for short in summary["shortfalls"]:
        say(Message("Short: %(title)s – %(reason)s", short))
        for cure in short["cures"]:
            say(Message("  What would help: %(cure)s", {"cure": cure}))
    say(Message("Public timetable: %(timetable)s", summary))
    say(Message("The station's calendar: %(station)s", summary["feeds"]))
    say(Message("A volunteer's calendar: %(volunteer)s", summary["feeds"]))
    for login, password in summary["logins"].items():
        say(Message("Sign in as %(login)s with %(password)s", {"login": login, "password": password}))


def _station(session: Session) -> Station:
    return session.scalars(select(Station).where(Station.slug == DEMO_STATION)).one()


def _a_community(session: Session) -> Station:
    return session.scalars(select(Station).where(Station.name == COMMUNITY_STATIONS[0])).one()


def _busiest_volunteer(session: Session) -> Volunteer:
    busiest = session.scalars(feed_queries.busiest_subject(FeedKind.VOLUNTEER)).one_or_none()
    if busiest is None:
        # Without any program nobody serves in anything.
        return session.scalars(select(Volunteer).order_by(Volunteer.number).limit(1)).one()
    return session.get_one(Volunteer, UUID(busiest))
