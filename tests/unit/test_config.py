"""Settings are read from the environment, and handed over by it to processes of our own."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.config import (
    Encryption,
    Mailbox,
    MailServer,
    NoticeWays,
    PasswordProfile,
    Settings,
    SmsProvider,
    Webhook,
    WeCom,
)

PLAIN = Settings.in_directory(Path("/srv/weibao"))
UNLIKE = Settings(
    data_dir=Path("/data"),
    database_url="postgresql://weibao:p%40ss@localhost/weibao",
    key_file=Path("/keys/weibao.json"),
    base_url="https://weibao.example",
    timezone="Asia/Urumqi",
    demo=True,
    secure_cookies=True,
    proxies=2,
    plugins=("sst", "admin"),
    second_factor_forced=False,
    password_profile=PasswordProfile.DENGBAO,
    notices=NoticeWays(
        MailServer("mail.example", "站点 <a@mail.example>", 465, Encryption.TLS, "a", "p=,%", "/ca.pem"),
        Mailbox("mail.example", "a", "p", 1993, "replies", "/ca.pem"),
        SmsProvider("key", "secret", "站点", "default=SMS_1", "https://sms.example"),
        WeCom("corp", "secret", 7, "https://wecom.example"),
        Webhook("https://hook.example", "secret"),
    ),
)


@pytest.mark.parametrize("settings", [PLAIN, UNLIKE, replace(UNLIKE, plugins=())], ids=["plain", "unlike", "no plugin"])
def test_what_is_handed_over_is_read_again_as_it_was(settings: Settings) -> None:
    assert Settings.from_environment(settings.to_environment()) == settings


def test_every_setting_is_handed_over() -> None:
    same = [field.name for field in fields(Settings) if getattr(UNLIKE, field.name) == getattr(PLAIN, field.name)]
    assert same == [], "the comparison above would not see it"
    for way in fields(NoticeWays):
        there = getattr(UNLIKE.notices, way.name)
        unset = [field.name for field in fields(there) if getattr(there, field.name) == field.default]
        assert unset == [], "the comparison above would not see it"


def test_nothing_is_told_by_a_way_that_is_not_set_up() -> None:
    assert Settings.from_environment({}).notices == NoticeWays()
    mail = Settings.from_environment({"WEIBAO_SMTP_HOST": "h", "WEIBAO_SMTP_SENDER": "a@h"}).notices.mail
    assert mail == MailServer("h", "a@h")


def test_no_secret_is_shown_with_the_settings() -> None:
    shown = repr(UNLIKE.notices)
    assert "secret" not in shown.replace("key_secret", "")
    assert "p=,%" not in shown
