"""The two suites of algorithms for protected fields: the international one, and China's commercial ones.

An installation chooses once, when it is made, since blind indexes and the audit chain can't be turned from one digest
into another.
"""

import hashlib
import hmac
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as hmac_of
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV


class SuiteName(StrEnum):
    """What the key file calls a suite."""

    INTERNATIONAL = "international"
    SHANGMI = "shangmi"


class Suite(Protocol):
    """Authenticated encryption with a key of 32 bytes and a nonce of 12, and a keyed digest of 32 bytes."""

    #: The first byte of everything that it has sealed.
    version: bytes

    def encrypt(self, key: bytes, nonce: bytes, content: bytes, about: bytes) -> bytes:
        """Return the content encrypted and authenticated, and authenticated with it what it is about."""
        ...

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """Return the content; raise InvalidTag or ValueError where anything differs."""
        ...

    def digest(self, key: bytes, content: bytes) -> bytes:
        """Return the keyed digest."""
        ...


class International:
    """AES-256-GCM-SIV (RFC 8452) and HMAC-SHA-256."""

    version = b"\x01"

    def encrypt(self, key: bytes, nonce: bytes, content: bytes, about: bytes) -> bytes:
        """Encrypt; a nonce that comes twice gives away no more than that the contents are equal."""
        return AESGCMSIV(key).encrypt(nonce, content, about)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """Decrypt."""
        return AESGCMSIV(key).decrypt(nonce, sealed, about)

    def digest(self, key: bytes, content: bytes) -> bytes:
        """Return HMAC-SHA-256."""
        return hmac.digest(key, content, hashlib.sha256)


class Shangmi:
    """SM4-GCM (GB/T 32907, RFC 8998) with the first half of the key, and HMAC-SM3 (GB/T 32905)."""

    version = b"\x02"
    _KEY_BYTES = 16
    _TAG_BYTES = 16

    def encrypt(self, key: bytes, nonce: bytes, content: bytes, about: bytes) -> bytes:
        """Encrypt; the tag stands at the end."""
        cipher = Cipher(algorithms.SM4(key[: self._KEY_BYTES]), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(about)
        return cipher.update(content) + cipher.finalize() + cipher.tag

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """Decrypt."""
        content, tag = sealed[: -self._TAG_BYTES], sealed[-self._TAG_BYTES :]
        cipher = Cipher(algorithms.SM4(key[: self._KEY_BYTES]), modes.GCM(nonce, tag)).decryptor()
        cipher.authenticate_additional_data(about)
        return cipher.update(content) + cipher.finalize()

    def digest(self, key: bytes, content: bytes) -> bytes:
        """Return HMAC-SM3."""
        digest = hmac_of.HMAC(key, hashes.SM3())
        digest.update(content)
        return digest.finalize()


_SUITES: dict[SuiteName, Suite] = {SuiteName.INTERNATIONAL: International(), SuiteName.SHANGMI: Shangmi()}


def suite_of(name: SuiteName) -> Suite:
    """Return a suite by its name."""
    return _SUITES[name]
