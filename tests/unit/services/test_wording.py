"""Sentences in the reader's language: catalogues of core first, those of plugins after it."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from core.domain.errors import Message
from core.services import wording
from core.services.wording import CHINESE, ENGLISH, Wording


def a_catalogue(folder: Path, **sentences: str) -> Path:
    """Write a Chinese catalogue of sentences whose English has no spaces."""
    catalogue = Catalog(locale="zh_Hans_CN")
    for english, chinese in sentences.items():
        catalogue.add(english, chinese)
    target = folder / CHINESE / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small catalogue in the place of core's."""
    folder = a_catalogue(tmp_path / "core", Room="活动室", Closed="已关闭")
    monkeypatch.setattr(wording, "_CORE", folder)
    wording._catalogue.cache_clear()
    yield folder
    wording._catalogue.cache_clear()


@pytest.mark.usefixtures("core")
def test_a_sentence_is_said_in_the_readers_language() -> None:
    assert Wording(CHINESE).say(Message("Room")) == "活动室"
    assert Wording(ENGLISH).say(Message("Room")) == "Room"


@pytest.mark.usefixtures("core")
def test_what_nobody_translated_is_said_in_english() -> None:
    assert Wording(CHINESE).say(Message("Piano %(number)s", {"number": 2})) == "Piano 2"


@pytest.mark.usefixtures("core")
def test_a_percent_sign_without_values_is_a_percent_sign() -> None:
    assert Wording(CHINESE).say(Message("100%")) == "100%"


@pytest.mark.usefixtures("core")
def test_a_message_within_a_message_is_said_too() -> None:
    inner = Message("“%(what)s”", {"what": Message("Room")})
    assert Wording(CHINESE).say(Message("%(inner)s: %(state)s", {"inner": inner, "state": Message("Closed")})) == (
        "“活动室”: 已关闭"
    )


@pytest.mark.usefixtures("core")
def test_several_values_are_listed_each_in_its_own_words() -> None:
    values = (Message("Room"), "A", (Message("Closed"), 3))
    assert Wording(CHINESE).say(Message("%(list)s", {"list": values})) == "活动室, A, 已关闭, 3"
    assert Wording(CHINESE).say(Message("%(list)s", {"list": ()})) == ""


@pytest.mark.usefixtures("core")
def test_plugins_are_asked_after_core_and_in_their_order(tmp_path: Path) -> None:
    # The last plugin's catalogue once replaced core's words.
    first = a_catalogue(tmp_path / "first", Room="房间", Chess="象棋", Painting="绘画")
    second = a_catalogue(tmp_path / "second", Chess="围棋", Song="歌")
    words = Wording(CHINESE, [first, second])
    said = [words.say(Message(text)) for text in ("Room", "Closed", "Chess", "Painting", "Song", "Dance")]
    assert said == ["活动室", "已关闭", "象棋", "绘画", "歌", "Dance"]
    assert Wording(CHINESE, [second]).say(Message("Chess")) == "围棋"


def test_a_plugin_speaks_where_core_has_no_catalogue(tmp_path: Path, core: Path) -> None:
    plugin = a_catalogue(tmp_path / "plugin", Room="房间")
    (core / CHINESE / "LC_MESSAGES" / "messages.mo").unlink()
    wording._catalogue.cache_clear()
    assert Wording(CHINESE, [plugin]).say(Message("Room")) == "房间"
