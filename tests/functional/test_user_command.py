"""`weibao user`: the first account, a link for a new password, a lost second proof."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.cli.installation import Machine
from core.cli.main import main
from core.config import Settings
from core.db.models import Station, User
from core.domain.actor import EVERYTHING, Role
from core.domain.clock import SystemClock
from core.domain.vocabulary import StationKind
from core.hooks.manager import build_hooks
from tests.databases import installed
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD

Run = Callable[..., Result]


@pytest.fixture
def machine(tmp_path: Path, own_environment: None) -> Iterator[Machine]:
    """Yield an installation with one station and nobody."""
    machine = installed(Settings.in_directory(tmp_path, plugins=()), SystemClock())
    with machine.writing() as session:
        session.add(Station(kind=StationKind.STATION, name="青石未保站", slug="qingshi", parent_id=None))
    yield machine
    machine.database.dispose()


@pytest.fixture
def site(machine: Machine) -> Flask:
    """Return the installation's pages."""
    return create_app(machine.settings, build_hooks([]), database=machine.database)


@pytest.fixture
def run(machine: Machine) -> Run:
    """Return what runs `weibao user` in this process."""
    return lambda *args, typed="": CliRunner().invoke(main, ["user", *args], input=typed)


def test_an_account_of_each_role_is_added_with_a_link_for_its_person(run: Run, site: Flask) -> None:
    for role in (role for role in Role if role is not Role.VOLUNTEER):
        done = run("add", role.value, "--role", role.value, "--station", "qingshi")
        assert done.exit_code == 0, done.output
        browser = Browser(site.test_client())
        assert browser.send(_link_in(done.output), {"password": PASSWORD}).status_code == 302
        assert Browser(site.test_client()).sign_in(role.value).status_code == 302


def test_ones_own_password_is_asked_for_and_not_printed(run: Run, site: Flask) -> None:
    done = run("add", "mei", "--role", "head", "--station", "qingshi", "--ask-password", typed=f"{PASSWORD}\n" * 2)
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert Browser(site.test_client()).sign_in("mei").status_code == 302


def test_a_link_for_a_new_password_makes_the_old_one_worth_nothing(run: Run, site: Flask) -> None:
    run("add", "mei", "--role", "head", "--station", "qingshi", "--ask-password", typed=f"{PASSWORD}\n" * 2)
    link = _link_in(run("invite", "mei").output)
    assert Browser(site.test_client()).sign_in("mei").status_code == 422
    assert Browser(site.test_client()).send(link, {"password": "ein ganz anderer Satz"}).status_code == 302


def test_a_lost_second_proof_is_taken_back(run: Run, machine: Machine) -> None:
    run("add", "mei", "--role", "head", "--station", "qingshi")
    with machine.database.writing(EVERYTHING) as session:
        session.scalars(select(User)).one().totp_secret = "{}"
    assert run("reset-second-factor", "mei", "--reason", "lost").exit_code == 0
    with machine.database.reading(EVERYTHING) as session:
        assert session.scalars(select(User)).one().totp_secret is None


@pytest.mark.parametrize("command", [["invite"], ["reset-second-factor", "--reason", "lost"]])
def test_nobody_of_that_name_is_said(run: Run, command: list[str]) -> None:
    done = run(*command, "nobody")
    assert done.exit_code == 1
    assert "nobody" in done.output


def _link_in(output: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/account/invitation/[\w-]{43})", output)
    assert found, output
    return found[1]
