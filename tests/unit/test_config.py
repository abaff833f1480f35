"""Settings are read from the environment, and handed over by it to processes of our own."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from core.config import PasswordProfile, Settings

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
)


@pytest.mark.parametrize("settings", [PLAIN, UNLIKE, replace(UNLIKE, plugins=())], ids=["plain", "unlike", "no plugin"])
def test_what_is_handed_over_is_read_again_as_it_was(settings: Settings) -> None:
    assert Settings.from_environment(settings.to_environment()) == settings


def test_every_setting_is_handed_over() -> None:
    same = [field.name for field in fields(Settings) if getattr(UNLIKE, field.name) == getattr(PLAIN, field.name)]
    assert same == [], "the comparison above would not see it"
