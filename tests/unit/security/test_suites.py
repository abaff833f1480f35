"""The two suites: known answers of their standards, and what the vault promises with either."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from core.security.keys import KeyFileError, Keys, read_keys, replace_keys, write_keys
from core.security.suites import SuiteName, suite_of
from core.security.vault import SealBrokenError, Vault

VAULTS = {name: Vault(Keys.fresh(name)) for name in SuiteName}
PLACE = "children|sealed_name|0123"
EACH = pytest.mark.parametrize("name", SuiteName)


def test_sm4_gcm_gives_the_answer_of_rfc_8998() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210") + bytes(16)
    nonce = bytes.fromhex("00001234567800000000abcd")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    content = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    answer = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    suite = suite_of(SuiteName.SHANGMI)
    assert suite.encrypt(key, nonce, content, about) == answer
    assert suite.decrypt(key, nonce, answer, about) == content
    with pytest.raises(InvalidTag):
        suite.decrypt(key, nonce, answer, about + b"x")


def test_hmac_sm3_is_sm3_twice_around_the_key() -> None:
    """By the definition of HMAC (RFC 2104), from the digest alone."""

    def sm3(content: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(content)
        return digest.finalize()

    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = bytes(range(32)).ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in key) + b"abc")
    expected = sm3(bytes(byte ^ 0x5C for byte in key) + inner)
    assert suite_of(SuiteName.SHANGMI).digest(bytes(range(32)), b"abc") == expected


@EACH
@given(text=st.text(), place=st.text())
def test_what_was_sealed_opens_again_and_nowhere_else(name: SuiteName, text: str, place: str) -> None:
    vault = VAULTS[name]
    sealed = vault.seal(text, place)
    assert sealed[:1] == suite_of(name).version
    assert vault.open(sealed, place) == text
    with pytest.raises(SealBrokenError):
        vault.open(sealed, place + "|")


@EACH
@given(at=st.integers(0), bit=st.integers(0, 7))
def test_one_changed_bit_and_it_does_not_open(name: SuiteName, at: int, bit: int) -> None:
    sealed = bytearray(VAULTS[name].seal("林小满", PLACE))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBrokenError):
        VAULTS[name].open(bytes(sealed), PLACE)


@EACH
def test_what_was_cut_short_does_not_open(name: SuiteName) -> None:
    sealed = VAULTS[name].seal("x", PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBrokenError):
            VAULTS[name].open(sealed[:length], PLACE)


def test_the_suites_find_and_link_differently() -> None:
    one, other = VAULTS.values()
    assert one.blind_index("x", "1") != other.blind_index("x", "1")
    assert {len(vault.link(bytes(32), b"x")) for vault in VAULTS.values()} == {32}


def test_the_suite_is_kept_in_the_file_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path, Keys.fresh(SuiteName.SHANGMI))
    keys = read_keys(path)
    assert keys.suite is SuiteName.SHANGMI
    replace_keys(path, keys.with_another())
    assert (read_keys(path).suite, read_keys(path).current) == (SuiteName.SHANGMI, "k2")
    with pytest.raises(KeyFileError, match="lacks"):
        replace_keys(path, Keys.fresh(SuiteName.INTERNATIONAL))
