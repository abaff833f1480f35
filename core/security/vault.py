"""Sealing of fields, blind indexes and the audit chain's links, with the algorithms of the installation's suite."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag

from core.domain.errors import DomainError, Message
from core.security.keys import Keys, read_keys
from core.security.suites import suite_of

_NONCE_BYTES: Final = 12
#: Sealed texts are filled up to a multiple of this: the length of a category would else give it away.
_BLOCK_BYTES: Final = 32
_MARK: Final = b"\x80"


class SealBrokenError(DomainError):
    """A sealed field doesn't open: its key is missing, or it was changed or moved to another row."""

    code = "seal_broken"


class Vault:
    """Seals and opens fields with the installation's keys.

    A vault of a file follows it: what is sealed after another key became current there is sealed with that one.
    """

    def __init__(self, keys: Keys) -> None:
        self._file: Path | None = None
        self._seen: tuple[int, int] | None = None
        self._take(keys)

    @classmethod
    def of_file(cls, path: Path) -> "Vault":
        """Return the vault of a key file; raise KeyFileError when it is missing or malformed."""
        seen = _state(path)
        vault = cls(read_keys(path))
        vault._file, vault._seen = path, seen
        return vault

    def __repr__(self) -> str:
        """Name the vault without any key."""
        return f"Vault(current={self._keys.current!r})"

    def _take(self, keys: Keys) -> None:
        self._suite = suite_of(keys.suite)
        self._keys = keys

    def _follow(self) -> None:
        """Take the keys from the file if it has changed; while it is not there, those that are known go on."""
        if self._file is not None and (state := _state(self._file)) not in {None, self._seen}:
            self._take(read_keys(self._file))
            self._seen = state

    @property
    def mark(self) -> bytes:
        """What everything begins with that the current key has sealed."""
        self._follow()
        return self._header(self._keys.current)

    @property
    def marks(self) -> Mapping[str, bytes]:
        """What everything begins with that a key has sealed, by the name of each key."""
        self._follow()
        return {name: self._header(name) for name in self._keys.fields}

    def seal_anew(self, sealed: bytes, context: str) -> bytes:
        """Return the same text sealed with the current key; raise SealBrokenError where it can't be opened."""
        return self.seal(self.open(sealed, context), context)

    def seal(self, text: str, context: str) -> bytes:
        """Return `text` sealed for `context`, which names table, column and row and must be the same at opening."""
        self._follow()
        keys, nonce = self._keys, secrets.token_bytes(_NONCE_BYTES)
        header, key = self._header(keys.current), keys.fields[keys.current]
        return header + nonce + self._suite.encrypt(key, nonce, _filled(text.encode()), header + context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """Return the text of `sealed`; raise SealBrokenError where key or context differ."""
        try:
            end = 2 + sealed[1]
            key = self._key(sealed[2:end].decode())
            nonce, body = sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
            filled = self._suite.decrypt(key, nonce, body, sealed[:end] + context.encode())
            return filled[: filled.rindex(_MARK)].decode()
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise SealBrokenError(
                Message("A protected field can't be opened: check that the key file belongs to this database.")
            ) from error

    def _key(self, name: str) -> bytes:
        if name not in self._keys.fields:
            self._follow()
        return self._keys.fields[name]

    def _header(self, key: str) -> bytes:
        return self._suite.version + bytes([len(key.encode())]) + key.encode()

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes by which equal values of one purpose are found; without the key nobody can guess them."""
        return self._suite.digest(self._keys.index, f"{purpose}|{value}".encode())

    def link(self, previous: bytes, content: bytes) -> bytes:
        """Return the audit chain's next link, 32 bytes over the previous link and this entry's content."""
        return self._suite.digest(self._keys.audit, previous + content)

    @property
    def web_secret(self) -> bytes:
        """The key that signs cookies and form tokens."""
        return self._keys.web


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _filled(content: bytes) -> bytes:
    """Return the content with a mark and zeros after it, a whole number of blocks (ISO/IEC 7816-4)."""
    length = (len(content) // _BLOCK_BYTES + 1) * _BLOCK_BYTES
    return (content + _MARK).ljust(length, b"\x00")
