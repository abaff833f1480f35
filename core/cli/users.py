"""`weibao user`: accounts."""

from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.db.models import Station, Volunteer
from core.domain.actor import SYSTEM, Role
from core.domain.clock import SystemClock
from core.domain.errors import Message, NotFoundError
from core.services.accounts import add_user


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--station", required=True, help="The station's name or the end of its public address.")
@click.option("--volunteer", default=None, help="For a volunteer's account: the volunteer's number.")
@click.password_option(help="Asked for when left out.")
@reports_errors
def add(login: str, role: str, station: str, volunteer: str | None, password: str) -> None:
    """Add an account for LOGIN."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        station_id = _station(session, station)
        add_user(
            session,
            SYSTEM,
            machine.clock,
            login=login,
            password=password,
            role=Role(role),
            station_id=station_id,
            volunteer_id=None if volunteer is None else _volunteer(session, station_id, volunteer),
        )
    say(Message("Added: %(login)s", {"login": login}))


def _station(session: Session, name: str) -> UUID:
    found = session.scalars(select(Station.id).where((Station.name == name) | (Station.slug == name))).first()
    if found is None:
        raise NotFoundError(Message("There is no station “%(name)s”.", {"name": name}))
    return found


def _volunteer(session: Session, station_id: UUID, number: str) -> UUID:
    mine = select(Volunteer.id).where(Volunteer.station_id == station_id, Volunteer.number == number)
    found = session.scalars(mine).first()
    if found is None:
        raise NotFoundError(Message("The station has no volunteer %(number)s.", {"number": number}))
    return found
