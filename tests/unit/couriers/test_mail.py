"""Mail is handed in encrypted and complete, with an identity of its own, and a refusal says whether it is for good."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from core.config import Encryption, MailServer
from core.couriers.letter import Invitation, Letter, NotDeliveredError
from core.couriers.mail import MailCourier
from tests.fakes.smtp import Mails, mail_server
from tests.fakes.tls import a_certificate, speaking

AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
LETTER = Letter("a1b2", AT, "v@example.org", "duty_asked", "请您服务：阅读会", "十二月五日九点\n活动室一")


@pytest.fixture
def mails() -> Iterator[Mails]:
    with mail_server() as mails:
        yield mails


def courier(mails: Mails, **values: object) -> MailCourier:
    plain = {"host": "127.0.0.1", "sender": "青石站 <duty@weibao.example>", "port": mails.port, "encryption": "none"}
    return MailCourier(MailServer(**{**plain, **values}))  # type: ignore[arg-type]


def content(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text


def test_a_letter_arrives_as_it_was_written(mails: Mails) -> None:
    courier(mails).deliver(LETTER)
    (mail,) = mails.taken
    assert (mail["From"], mail["To"]) == ("青石站 <duty@weibao.example>", "v@example.org")
    assert (mail["Subject"], mail["Message-ID"]) == (LETTER.subject, "<a1b2@weibao.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == AT
    assert content(mail, "plain").split() == LETTER.text.split()


def test_a_letter_keeps_its_identity_when_it_is_tried_again(mails: Mails) -> None:
    for _ in range(2):
        courier(mails).deliver(LETTER)
    assert len(set(mails.ids)) == 1


def test_an_invitation_stands_beside_the_text_as_calendars_look_for_it(mails: Mails) -> None:
    invitation = Invitation("REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    courier(mails).deliver(replace(LETTER, invitation=invitation))
    (mail,) = mails.taken
    assert mail.get_content_type() == "multipart/alternative"
    plain, calendar = list(mail.iter_parts())
    assert plain.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar.get_content() == invitation.content.decode()


@pytest.mark.parametrize("to", ["no address", "a@b\r\nBcc: c@d", "", "a@b, c@d"])
def test_nothing_is_sent_to_what_is_no_address(mails: Mails, to: str) -> None:
    with pytest.raises(NotDeliveredError) as refused:
        courier(mails).deliver(Letter("a", AT, to, "thanks", "s", "t"))
    assert (refused.value.code, refused.value.final) == ("mail_address", True)
    assert mails.taken == []


def test_a_subject_stays_one_line(mails: Mails) -> None:
    courier(mails).deliver(Letter("a", AT, "v@example.org", "thanks", "one\r\nBcc: c@d", "t"))
    (mail,) = mails.taken
    assert (mail["Subject"], mail["Bcc"]) == ("one Bcc: c@d", None)


@pytest.mark.parametrize(
    ("said", "code", "final"),
    [("550 no such user", "smtp_550", True), ("450 busy", "smtp_450", False), ("421 going", "smtp_421", False)],
)
def test_a_refused_recipient_is_final_where_the_server_says_so(
    mails: Mails, said: str, code: str, *, final: bool
) -> None:
    mails.on_recipient = lambda _address: said
    with pytest.raises(NotDeliveredError) as refused:
        courier(mails).deliver(LETTER)
    assert (refused.value.code, refused.value.final) == (code, final)
    assert "v@example.org" not in repr(refused.value)


@pytest.mark.parametrize(("said", "final"), [("554 spam", True), ("452 full", False)])
def test_a_refused_letter_is_final_where_the_server_says_so(mails: Mails, said: str, *, final: bool) -> None:
    mails.on_letter = lambda _mail: said
    with pytest.raises(NotDeliveredError) as refused:
        courier(mails).deliver(LETTER)
    assert refused.value.final is final


def test_a_server_that_is_away_is_tried_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotDeliveredError) as refused:
        courier(Mails(port)).deliver(LETTER)
    assert (refused.value.code, refused.value.final) == ("smtp_ConnectionRefusedError", False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for this machine and its key."""
    return a_certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
def test_a_password_is_said_to_a_server_that_proves_who_it_is(certificate: Path, encryption: Encryption) -> None:
    with mail_server(context=speaking(certificate), at_once=encryption is Encryption.TLS) as mails:
        known = courier(mails, encryption=encryption, user="u", password="p", ca_file=str(certificate))
        known.deliver(LETTER)
        assert (mails.encrypted, mails.signed_in) == ([True], [("u", "p")])
        with pytest.raises(NotDeliveredError) as refused:
            courier(mails, encryption=encryption, user="u", password="p").deliver(LETTER)
        assert refused.value.code == "smtp_SSLCertVerificationError"
        assert len(mails.signed_in) == 1


def test_no_word_is_said_to_a_server_that_should_encrypt_and_does_not(certificate: Path) -> None:
    assert certificate.exists()
    with mail_server() as mails:
        with pytest.raises(NotDeliveredError):
            courier(mails, encryption=Encryption.STARTTLS, user="u", password="p").deliver(LETTER)
        assert (mails.signed_in, mails.taken) == ([], [])
