"""Sealing of fields (AES-256-GCM-SIV, RFC 8452), blind indexes (HMAC-SHA-256) and the audit chain's links."""

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from core.domain.errors import DomainError, Message
from core.security.keys import Keys

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
#: Sealed texts are filled up to a multiple of this: the length of a category would else give it away.
_BLOCK_BYTES: Final = 32
_MARK: Final = b"\x80"


class SealBrokenError(DomainError):
    """A sealed field doesn't open: its key is missing, or it was changed or moved to another row."""

    code = "seal_broken"


class Vault:
    """Seals and opens fields with the installation's keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._ciphers = {name: AESGCMSIV(key) for name, key in keys.fields.items()}

    def __repr__(self) -> str:
        """Name the vault without any key."""
        return f"Vault(current={self._keys.current!r})"

    def seal(self, text: str, context: str) -> bytes:
        """Return `text` sealed for `context`, which names table, column and row and must be the same at opening."""
        key_id = self._keys.current.encode()
        header = _VERSION + bytes([len(key_id)]) + key_id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._keys.current].encrypt(nonce, _filled(text.encode()), header + context.encode())
        return header + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """Return the text of `sealed`; raise SealBrokenError where key or context differ."""
        try:
            end = 2 + sealed[1]
            cipher = self._ciphers[sealed[2:end].decode()]
            nonce, body = sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
            filled = cipher.decrypt(nonce, body, sealed[:end] + context.encode())
            return filled[: filled.rindex(_MARK)].decode()
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise SealBrokenError(
                Message("A protected field can't be opened: check that the key file belongs to this database.")
            ) from error

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes by which equal values of one purpose are found; without the key nobody can guess them."""
        return hmac.digest(self._keys.index, f"{purpose}|{value}".encode(), hashlib.sha256)

    def link(self, previous: bytes, content: bytes) -> bytes:
        """Return the audit chain's next link, 32 bytes over the previous link and this entry's content."""
        return hmac.digest(self._keys.audit, previous + content, hashlib.sha256)

    @property
    def web_secret(self) -> bytes:
        """The key that signs cookies and form tokens."""
        return self._keys.web


def _filled(content: bytes) -> bytes:
    """Return the content with a mark and zeros after it, a whole number of blocks (ISO/IEC 7816-4)."""
    length = (len(content) // _BLOCK_BYTES + 1) * _BLOCK_BYTES
    return (content + _MARK).ljust(length, b"\x00")
