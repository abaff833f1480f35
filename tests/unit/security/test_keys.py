"""The key file: private, never replaced, and missed loudly."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.security.keys import KEY_BYTES, KeyFileError, Keys, read_keys, replace_keys, write_keys
from tests.translated import in_chinese


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "private" / "keys.json"
    write_keys(path, Keys.fresh())
    return path


def test_keys_come_back_from_their_file(tmp_path: Path) -> None:
    keys = Keys.fresh()
    write_keys(tmp_path / "keys.json", keys)
    assert read_keys(tmp_path / "keys.json") == keys


def test_only_the_owner_may_read_the_file_and_its_new_folder(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700


def test_a_key_file_is_never_replaced(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(KeyFileError, match=f"already|{key_file.name}"):
        write_keys(key_file, Keys.fresh())
    assert key_file.read_bytes() == before


def test_fresh_keys_are_all_different_and_long_enough() -> None:
    keys = [Keys.fresh() for _ in range(3)]
    secrets = [secret for one in keys for secret in (*one.fields.values(), one.index, one.audit, one.web)]
    assert len(set(secrets)) == 12
    assert {len(secret) for secret in secrets} == {KEY_BYTES}


def test_keys_are_named_without_their_secrets() -> None:
    keys = Keys.fresh()
    assert repr(keys) == "Keys(current='k1')"


def damage(**changes: Any) -> str:
    good = base64.b64encode(bytes(32)).decode()
    stored = {"current": "k1", "fields": {"k1": good}, "index": good, "audit": good, "web": good, **changes}
    return json.dumps({name: value for name, value in stored.items() if value is not None})


SHORT = base64.b64encode(bytes(31)).decode()


def test_the_undamaged_file_that_the_next_test_damages_is_read(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(damage(), encoding="utf-8")
    assert read_keys(tmp_path / "keys.json").fields == {"k1": bytes(32)}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        damage(current=None),
        damage(current="k2"),
        damage(current=["k1"]),
        damage(fields=None),
        damage(fields=[]),
        damage(fields={}),
        damage(fields={"k1": SHORT}),
        damage(fields={"k1": 1}),
        damage(fields={"k1": "ü"}),
        damage(index=None),
        damage(index=SHORT),
        damage(audit=SHORT),
        damage(web=SHORT),
        damage(web={}),
    ],
)
def test_a_damaged_file_says_which_it_is_and_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KeyFileError, match="backup") as caught:
        read_keys(path)
    assert str(path) in str(caught.value)
    assert "AAAA" not in str(caught.value)


def test_a_file_that_is_no_text_is_damaged_too(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyFileError, match="backup"):
        read_keys(tmp_path / "keys.json")


def test_a_missing_file_is_missed(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"keys\.json"):
        read_keys(tmp_path / "keys.json")


def test_a_file_in_a_folder_of_a_new_folder_is_made_with_both(tmp_path: Path) -> None:
    write_keys(tmp_path / "one/two/keys.json", Keys.fresh())
    assert (tmp_path / "one/two/keys.json").exists()


def test_every_trouble_with_the_file_is_told_in_chinese_with_its_path(key_file: Path) -> None:
    keys = read_keys(key_file)
    damaged = key_file.with_name("damaged.json")
    damaged.write_text(damage(index=SHORT), encoding="utf-8")
    for trouble in (
        lambda: read_keys(key_file.with_name("missing.json")),
        lambda: read_keys(damaged),
        lambda: write_keys(key_file, keys),
        lambda: replace_keys(key_file, Keys.fresh()),
    ):
        with pytest.raises(KeyFileError) as caught:
            trouble()
        assert str(key_file.parent) in in_chinese(caught.value.message)


def test_keys_are_replaced_by_more_of_them_and_by_themselves_and_lose_none(key_file: Path) -> None:
    keys = read_keys(key_file)
    more = keys.with_another()
    for next_keys in (keys, more, more):
        replace_keys(key_file, next_keys)
        assert read_keys(key_file) == next_keys
    for fewer in (
        keys,
        replace(more, index=bytes(32)),
        replace(more, audit=bytes(32)),
        replace(more, fields={**more.fields, "k1": bytes(32)}),
    ):
        with pytest.raises(KeyFileError):
            replace_keys(key_file, fewer)
        assert read_keys(key_file) == more


def test_what_an_interrupted_replacement_left_is_no_hindrance(key_file: Path) -> None:
    beside = key_file.with_name(f"{key_file.name}.new")
    beside.write_text("half a fi")
    more = read_keys(key_file).with_another()
    replace_keys(key_file, more)
    assert (read_keys(key_file), beside.exists()) == (more, False)
