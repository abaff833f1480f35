"""Text messages, WeChat Work and webhooks: what is said to the other machine, and what its answers mean."""

import hmac
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from core.config import MailServer, NoticeWays, SmsProvider, Webhook, WeCom
from core.couriers.all import couriers_of
from core.couriers.http import call
from core.couriers.letter import Courier, Letter, NotDeliveredError
from core.couriers.sms import LONGEST_VALUE, SmsCourier, authorization, canonical
from core.couriers.webhook import WebhookCourier
from core.couriers.wecom import WeComCourier
from core.domain.notices import Channel
from tests.fakes.calls import Call, Calls, Said, http_server

AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
LETTER = Letter("a1b2", AT, "12900000001", "duty_asked", "请您服务", "阅读会", {"title": "阅读会", "count": 1})


@pytest.fixture
def calls() -> Iterator[Calls]:
    with http_server() as calls:
        yield calls


def refused(courier: Courier, letter: Letter = LETTER) -> tuple[str, bool]:
    with pytest.raises(NotDeliveredError) as error:
        courier.deliver(letter)
    return error.value.code, error.value.final


def sms(calls: Calls, templates: str = "default=SMS_1, duty_asked=SMS_2") -> SmsCourier:
    return SmsCourier(SmsProvider("id", "secret", "青石站", templates, calls.url))


def test_a_call_is_signed_as_the_provider_publishes_it() -> None:
    # The provider's own example, from its description of the signature method V3.
    query = canonical({"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"})
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": sha256(b"").hexdigest(),
    }
    seal = authorization("YourAccessKeyId", "YourAccessKeySecret", query, headers).rpartition("=")[2]
    assert seal == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_a_message_fills_the_text_that_was_approved_for_its_kind(calls: Calls) -> None:
    calls.answer = lambda _call: (200, {"Code": "OK"})
    long = "长" * (LONGEST_VALUE + 1)
    sms(calls).deliver(replace(LETTER, values={"title": long}))
    sms(calls).deliver(replace(LETTER, kind="thanks"))
    first, second = calls.made
    assert (first.query["PhoneNumbers"], first.query["SignName"], first.query["OutId"]) == (
        "12900000001",
        "青石站",
        "a1b2",
    )
    assert (first.query["TemplateCode"], second.query["TemplateCode"]) == ("SMS_2", "SMS_1")
    assert first.query["TemplateParam"] == f'{{"title": "{long[:-1]}"}}'
    assert first.headers["x-acs-date"] == "2026-11-26T01:00:00Z"
    assert first.headers["x-acs-signature-nonce"] != second.headers["x-acs-signature-nonce"]
    named = {name: first.headers[name] for name in first.headers if name.startswith("x-acs-") or name == "host"}
    assert first.headers["authorization"] == authorization("id", "secret", canonical(first.query), named)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), ("sms_isv.MOBILE_NUMBER_ILLEGAL", True)),
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), ("sms_isv.BUSINESS_LIMIT_CONTROL", False)),
        ((200, {}), ("sms_no_code", False)),
        ((503, b"<html>"), ("http_503_no_json", False)),
        ((200, b"[]"), ("http_200_no_json", False)),
        ((200, b"[" * 60_000), ("http_200_no_json", False)),
    ],
)
def test_a_provider_that_does_not_send_is_asked_again_unless_it_is_the_number(
    calls: Calls, said: Said, found: tuple[str, bool]
) -> None:
    calls.answer = lambda _call: said
    assert refused(sms(calls)) == found


def test_no_message_is_sent_without_an_approved_text(calls: Calls) -> None:
    assert refused(sms(calls, "thanks=SMS_3")) == ("sms_no_template", True)
    assert calls.made == []


def wecom(calls: Calls) -> WeComCourier:
    return WeComCourier(WeCom("corp", "s3cret", 7, calls.url))


class Member:
    """Answers as WeChat Work does, with the error numbers that it is given, one a message."""

    def __init__(self, *numbers: int, missing: str = "") -> None:
        self.numbers, self.missing, self.tokens = list(numbers), missing, 0

    def __call__(self, call: Call) -> Said:
        """Answer a call for a token, or to send."""
        if call.path == "/cgi-bin/gettoken":
            self.tokens += 1
            return 200, {"errcode": 0, "access_token": f"token{self.tokens}", "expires_in": 7200}
        return 200, {"errcode": self.numbers.pop(0) if self.numbers else 0, "invaliduser": self.missing}


def test_a_member_is_sent_a_text_and_the_token_is_kept(calls: Calls) -> None:
    calls.answer = Member()
    courier = wecom(calls)
    for _ in range(2):
        courier.deliver(replace(LETTER, to="li"))
    token, first, second = calls.made
    assert token.query == {"corpid": "corp", "corpsecret": "s3cret"}
    assert first.query == second.query == {"access_token": "token1"}
    assert (first.json["touser"], first.json["agentid"], first.json["enable_duplicate_check"]) == ("li", 7, 1)
    assert first.json["text"]["content"] == "请您服务\n\n阅读会"


def test_a_token_that_has_run_out_is_asked_for_anew_once(calls: Calls) -> None:
    calls.answer = member = Member(42001)
    wecom(calls).deliver(LETTER)
    assert member.tokens == 2
    calls.answer = Member(42001, 42001)
    assert refused(wecom(calls)) == ("wecom_42001", False)


def test_a_long_text_is_cut_between_signs(calls: Calls) -> None:
    calls.answer = Member()
    wecom(calls).deliver(replace(LETTER, text="长" * 2000))
    assert 2040 < len(calls.made[-1].json["text"]["content"].encode()) <= 2048


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Member(45009), ("wecom_45009", False)),
        (Member(60111), ("wecom_60111", True)),
        (Member(missing="li"), ("wecom_0", True)),
        (lambda _call: (200, {"errcode": 40001}), ("wecom_token_40001", False)),
    ],
)
def test_a_member_who_is_not_there_is_not_tried_again(calls: Calls, answer: Member, found: tuple[str, bool]) -> None:
    calls.answer = answer
    assert refused(wecom(calls)) == found


def hook(calls: Calls) -> WebhookCourier:
    return WebhookCourier(Webhook(f"{calls.url}/in?a=b", "s3cret"))


def test_a_call_can_be_checked_by_whoever_has_the_secret(calls: Calls) -> None:
    hook(calls).deliver(LETTER)
    (made,) = calls.made
    assert (made.method, made.path, made.query) == ("POST", "/in", {"a": "b"})
    assert made.json == {"type": "duty_asked", "timestamp": AT.isoformat(), "data": {"title": "阅读会", "count": 1}}
    identifier, sent = made.headers["webhook-id"], made.headers["webhook-timestamp"]
    signed = f"{identifier}.{sent}.".encode() + made.body
    seal = b64encode(hmac.new(b"s3cret", signed, sha256).digest()).decode()
    assert (identifier, int(sent)) == ("a1b2", AT.timestamp())
    assert made.headers["webhook-signature"] == f"v1,{seal}"


@pytest.mark.parametrize(("status", "final"), [(500, False), (302, False), (404, False), (410, True)])
def test_a_webhook_that_says_no_is_called_again_unless_it_is_gone(calls: Calls, status: int, *, final: bool) -> None:
    calls.answer = lambda _call: (status, {})
    assert refused(hook(calls)) == (f"http_{status}", final)
    assert len(calls.made) == 1


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "file:///etc/hosts", "127.0.0.1"])
def test_what_is_no_address_of_the_web_is_not_called(url: str) -> None:
    with pytest.raises(NotDeliveredError, match="http_address"):
        call("GET", url)


def test_a_broken_address_tells_no_secret(calls: Calls) -> None:
    assert refused(WebhookCourier(Webhook(f"{calls.url}:77777/s3cret", "s"))) == ("http_address", False)


def test_an_installation_has_the_couriers_that_it_sets_up(calls: Calls) -> None:
    assert couriers_of(NoticeWays()) == {}
    ways = NoticeWays(
        MailServer("h", "a@h"),
        None,
        SmsProvider("k", "s", "n", "default=1", calls.url),
        WeCom("c", "s", 1, calls.url),
        Webhook(calls.url, "s"),
    )
    assert couriers_of(ways).keys() == set(Channel)
