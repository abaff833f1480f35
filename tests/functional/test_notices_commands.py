"""`weibao notices`, and the server that sends by itself."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic, sleep

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.cli.backups import backup, restore
from core.cli.installation import Machine
from core.cli.notices import answers, hold_back, send, try_out
from core.config import Encryption, MailServer, NoticeWays, Settings
from core.db.models import NoticeChoices, OutboxNotice
from core.domain.clock import SystemClock
from core.domain.notices import Notice, NoticeKind, NoticeState, to_volunteer
from core.services.notices.outbox import put
from tests.benchmarks.registration_rush.server import serving
from tests.databases import installed
from tests.fakes.smtp import Mails, mail_server
from tests.integration.builders import a_station, a_volunteer

#: A server looks every five seconds.
SOON = 30.0


@pytest.fixture
def mails(own_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    """Yield a mail server to which the installation's settings lead."""
    with mail_server() as mails:
        mail = MailServer("127.0.0.1", "duty@weibao.example", mails.port, Encryption.NONE)
        for name, value in NoticeWays(mail).to_environment().items():
            monkeypatch.setenv(name, value)
        yield mails


@pytest.fixture
def machine(mails: Mails) -> Iterator[Machine]:
    """Yield an installation with something urgent to tell a volunteer."""
    assert mails.port
    made = installed(Settings.from_environment(), SystemClock())
    with made.writing() as session:
        volunteer = a_volunteer(session, a_station(session))
        choices = NoticeChoices(station_id=volunteer.station_id, volunteer_id=volunteer.id, changed_at=made.clock.now())
        choices.mail = "v@example.org"
        session.add(choices)
        told_of = Notice(
            NoticeKind.CERTIFICATE_READY, to_volunteer(volunteer.id), volunteer.station_id, "k", urgent=True
        )
        put(session, made.clock, told_of)
    yield made
    made.database.dispose()


def told(command: click.Command, *args: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, args)
    return done.exit_code, done.output


def test_what_waits_is_sent_by_hand_once(machine: Machine, mails: Mails) -> None:
    assert told(send) == (0, "Messages sent: 1\n")
    assert told(send) == (0, "Messages sent: 0\n")
    assert [str(mail["To"]) for mail in mails.taken] == ["v@example.org"]
    with machine.reading() as session:
        assert session.scalars(select(OutboxNotice.state)).all() == [NoticeState.SENT]


def test_what_a_backup_brings_back_is_held_for_somebody_to_decide(machine: Machine, mails: Mails) -> None:
    file = machine.settings.data_dir / "one.backup"
    assert told(backup, str(file))[0] == 0
    assert told(send) == (0, "Messages sent: 1\n")
    machine.database.dispose()
    code, output = told(restore, str(file), "--replace")
    assert (code, "Notices held back, since they may have been sent already: 1." in output) == (0, True)
    assert told(send) == (0, "Messages sent: 0\n")
    assert len(mails.taken) == 1
    with machine.reading() as session:
        (row,) = session.scalars(select(OutboxNotice)).all()
        assert (row.state, row.error) == (NoticeState.GIVEN_UP, "held")


def test_what_waits_is_held_by_hand(machine: Machine, mails: Mails) -> None:
    assert machine.settings
    assert told(hold_back)[1].endswith("already: 1.\n")
    assert told(send) == (0, "Messages sent: 0\n")
    assert mails.taken == []


def test_without_a_mailbox_no_answers_are_read(machine: Machine) -> None:
    assert machine.settings
    assert told(answers) == (0, "Answers read: 0\n")


def test_a_way_is_tried_out(machine: Machine, mails: Mails) -> None:
    assert machine.settings
    assert told(try_out, "mail", "head@example.org") == (0, "It was taken.\n")
    mails.on_recipient = lambda _address: "550 no"
    assert told(try_out, "mail", "x@example.org") == (1, "The other machine didn't take part: smtp_550\n")
    code, output = told(try_out, "sms", "12900000001")
    assert (code, "isn't set up" in output) == (1, True)


def test_a_server_sends_by_itself(machine: Machine, mails: Mails) -> None:
    settings = replace(machine.settings, plugins=())
    with serving(settings, settings.data_dir / "server.log"):
        until = monotonic() + SOON
        while monotonic() < until and not mails.taken:
            sleep(0.1)
    assert [str(mail["To"]) for mail in mails.taken] == ["v@example.org"]
