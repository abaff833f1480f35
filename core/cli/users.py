"""`weibao user`: accounts."""

from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.cli.console import reports_errors, say, wording
from core.cli.installation import Machine, open_machine
from core.config import Settings
from core.db.models import Station, User, Volunteer
from core.domain.actor import SYSTEM, Role
from core.domain.clock import SystemClock
from core.domain.errors import Message, NotFoundError
from core.domain.vocabulary import LossOfProof
from core.services.account_care import reset_second_factor
from core.services.accounts import add_user
from core.services.invitations import Invitation, invite, invite_again


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--station", required=True, help="The station's name or the end of its public address.")
@click.option("--volunteer", default=None, help="For a volunteer's account: the volunteer's number.")
@click.option("--ask-password", is_flag=True, help="For your own account: ask for its password here.")
@reports_errors
def add(login: str, role: str, station: str, volunteer: str | None, *, ask_password: bool) -> None:
    """Add an account for LOGIN, and print a link with which its person sets the password."""
    password = _asked_password() if ask_password else None
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        station_id = _station(session, station)
        volunteer_id = None if volunteer is None else _volunteer(session, station_id, volunteer)
        of: _Place = {"login": login, "role": Role(role), "station_id": station_id, "volunteer_id": volunteer_id}
        made = _added(session, machine, of, password)
    say(Message("Added: %(login)s", {"login": login}))
    if made is not None:
        _say_invitation(machine, made)


@user.command("invite")
@click.argument("login")
@reports_errors
def invite_anew(login: str) -> None:
    """Print a link with which the person of LOGIN sets a new password; the old one is worth nothing."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        made = invite_again(session, SYSTEM, machine.clock, _account(session, login))
    _say_invitation(machine, made)


@user.command("reset-second-factor")
@click.argument("login")
@click.option("--reason", type=click.Choice([reason.value for reason in LossOfProof]), required=True)
@reports_errors
def reset(login: str, reason: str) -> None:
    """Take app, passkeys and recovery codes of LOGIN back: the person sets up new ones at the next sign-in."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        reset_second_factor(session, SYSTEM, machine.clock, _account(session, login), LossOfProof(reason))
    say(Message("The second proof of %(login)s is taken back.", {"login": login}))


def _added(session: Session, machine: Machine, of: "_Place", password: str | None) -> Invitation | None:
    """Add the account; return the invitation for its person where it has no password yet."""
    if password is None:
        return invite(session, SYSTEM, machine.clock, display_name="", **of)
    profile = machine.settings.password_profile
    add_user(session, SYSTEM, machine.clock, password=password, profile=profile, **of)
    return None


def _asked_password() -> str:
    asked: str = click.prompt(wording().say(Message("Password")), hide_input=True, confirmation_prompt=True)
    return asked


class _Place(TypedDict):
    """Who gets an account, and where."""

    login: str
    role: Role
    station_id: UUID
    volunteer_id: UUID | None


def _say_invitation(machine: Machine, made: Invitation) -> None:
    address = f"{machine.settings.base_url}/account/invitation/{made.secret}"
    until = made.until.astimezone(ZoneInfo(machine.settings.timezone))
    say(
        Message(
            "Until %(moment)s a password is set at: %(address)s",
            {"moment": f"{until:%Y-%m-%d %H:%M}", "address": address},
        )
    )


def _account(session: Session, login: str) -> UUID:
    found = session.scalars(select(User.id).where(User.login == login)).first()
    if found is None:
        raise NotFoundError(Message("There is no account “%(login)s”.", {"login": login}))
    return found


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
