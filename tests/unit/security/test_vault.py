"""Sealed fields open where they were sealed and nowhere else; blind indexes find equal values of one purpose alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.vocabulary import ChildCategory
from core.security.keys import Keys, replace_keys, write_keys
from core.security.vault import SealBrokenError, Vault
from tests.translated import in_chinese

KEYS = Keys.fresh()
VAULT = Vault(KEYS)
PLACE = "children|sealed_name|0123"


@given(text=st.text(), place=st.text())
def test_what_was_sealed_opens_again(text: str, place: str) -> None:
    assert VAULT.open(VAULT.seal(text, place), place) == text


@pytest.mark.parametrize("text", ["", "\x00", "\x80", "a\x80\x00", "林" * 31, "x" * 31, "x" * 32, "x" * 33, "x" * 5000])
def test_the_filling_leaves_every_text_whole(text: str) -> None:
    assert VAULT.open(VAULT.seal(text, PLACE), PLACE) == text


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    assert len({VAULT.seal("x", PLACE) for _ in range(20)}) == 20


def test_the_length_of_what_is_sealed_does_not_tell_categories_apart() -> None:
    assert len({len(VAULT.seal(category, PLACE)) for category in ChildCategory}) == 1


def test_sealed_bytes_hold_nothing_of_the_text() -> None:
    assert "林小满".encode() not in VAULT.seal("林小满", PLACE)


@pytest.mark.parametrize(
    "elsewhere", ["guardians|sealed_name|0123", "children|sealed_address|0123", "children|sealed_name|0124", ""]
)
def test_what_was_moved_does_not_open(elsewhere: str) -> None:
    with pytest.raises(SealBrokenError):
        VAULT.open(VAULT.seal("x", PLACE), elsewhere)


@given(at=st.integers(0), bit=st.integers(0, 7))
def test_one_changed_bit_and_it_does_not_open(at: int, bit: int) -> None:
    sealed = bytearray(VAULT.seal("林小满", PLACE))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBrokenError):
        VAULT.open(bytes(sealed), PLACE)


def test_what_was_cut_short_does_not_open() -> None:
    sealed = VAULT.seal("x", PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError, match="key file"):
            VAULT.open(sealed[:length], PLACE)


def test_another_installations_key_does_not_open_it() -> None:
    with pytest.raises(SealBrokenError):
        Vault(Keys.fresh()).open(VAULT.seal("x", PLACE), PLACE)


def test_a_key_that_is_gone_is_missed() -> None:
    renamed = replace(KEYS, current="k2", fields={"k2": KEYS.fields["k1"]})
    with pytest.raises(SealBrokenError):
        Vault(renamed).open(VAULT.seal("x", PLACE), PLACE)


def test_the_key_is_named_in_front_so_that_old_fields_open_after_a_new_key_came() -> None:
    old = VAULT.seal("x", PLACE)
    both = Vault(replace(KEYS, current="k2", fields={**KEYS.fields, "k2": bytes(range(32))}))
    new = both.seal("x", PLACE)
    assert (old[:4], new[:4]) == (b"\x01\x02k1", b"\x01\x02k2")
    assert (both.open(old, PLACE), both.open(new, PLACE)) == ("x", "x")


def test_a_blind_index_finds_equal_values_of_one_purpose() -> None:
    index = VAULT.blind_index("guardians.phone", "123")
    assert len(index) == 32
    assert index == VAULT.blind_index("guardians.phone", "123")
    others = [
        VAULT.blind_index("guardians.phone", "124"),
        VAULT.blind_index("volunteers.phone", "123"),
        Vault(Keys.fresh()).blind_index("guardians.phone", "123"),
        Vault(replace(KEYS, audit=bytes(32))).link(b"guardians.phone|", b"123"),
    ]
    assert index not in others


def test_a_link_depends_on_the_one_before_and_on_the_key() -> None:
    link = VAULT.link(bytes(32), b"content")
    assert link == VAULT.link(bytes(32), b"content")
    assert len(link) == 32
    assert link not in {
        VAULT.link(bytes([1] * 32), b"content"),
        VAULT.link(bytes(32), b"contenu"),
        Vault(Keys.fresh()).link(bytes(32), b"content"),
    }


def test_the_web_has_a_key_of_its_own() -> None:
    assert VAULT.web_secret == KEYS.web
    assert len({KEYS.web, KEYS.index, KEYS.audit, *KEYS.fields.values()}) == 4


def test_a_vault_is_named_without_its_keys() -> None:
    assert repr(VAULT) == "Vault(current='k1')"


def test_what_does_not_open_is_told_in_chinese() -> None:
    with pytest.raises(SealBrokenError) as caught:
        VAULT.open(b"", PLACE)
    assert "密钥" in in_chinese(caught.value.message)


@pytest.mark.parametrize(("text", "blocks"), [("", 1), ("x" * 31, 1), ("x" * 32, 2), ("x" * 63, 2), ("x" * 64, 3)])
def test_a_text_takes_the_fewest_blocks_in_which_it_and_its_mark_fit(text: str, blocks: int) -> None:
    header, nonce, tag = 4, 12, 16
    assert len(VAULT.seal(text, PLACE)) == header + nonce + tag + 32 * blocks


def test_a_vault_reads_its_file_again_only_when_that_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, keys = tmp_path / "keys.json", Keys.fresh()
    write_keys(path, keys)
    vault = Vault.of_file(path)
    with monkeypatch.context() as patch:
        patch.setattr("core.security.vault.read_keys", lambda _: pytest.fail("The file is as it was."))
        vault.seal("x", PLACE)
    replace_keys(path, keys.with_another())
    assert vault.seal("x", PLACE)[:4] == b"\x01\x02k2"
    with monkeypatch.context() as patch:
        patch.setattr("core.security.vault.read_keys", lambda _: pytest.fail("The file is as it was."))
        vault.seal("x", PLACE)
