"""The key file: made once at `init`, kept apart from the database, never logged."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.domain.errors import DomainError, Message
from core.security.suites import SuiteName

KEY_BYTES = 32


class KeyFileError(DomainError):
    """The key file is missing or not readable as one."""

    code = "key_file"


@dataclass(frozen=True)
class Keys:
    """Keys of 32 bytes each: one for fields by key id, one each for blind indexes, audit chain and web sessions.

    `suite` says with which algorithms they are used.
    """

    current: str
    fields: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    web: bytes = field(repr=False)
    suite: SuiteName = field(default=SuiteName.INTERNATIONAL, repr=False)

    @classmethod
    def fresh(cls, suite: SuiteName = SuiteName.INTERNATIONAL) -> "Keys":
        """Return new random keys."""
        index, audit, web = (secrets.token_bytes(KEY_BYTES) for _ in range(3))
        first = {"k1": secrets.token_bytes(KEY_BYTES)}
        return cls(current="k1", fields=first, index=index, audit=audit, web=web, suite=suite)

    def with_another(self) -> "Keys":
        """Return these keys with a new one for fields, which is current; the older ones still open what they sealed."""
        name = f"k{max(int(known.removeprefix('k')) for known in self.fields) + 1}"
        return replace(self, current=name, fields={**self.fields, name: secrets.token_bytes(KEY_BYTES)})


def read_keys(path: Path) -> Keys:
    """Read the key file at `path`; raise KeyFileError when it is missing or malformed."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        fields = {name: base64.b64decode(key) for name, key in stored["fields"].items()}
        rest = {name: base64.b64decode(stored[name]) for name in ("index", "audit", "web")}
        suite = SuiteName(stored.get("suite", SuiteName.INTERNATIONAL))
        keys = Keys(current=str(stored["current"]), fields=fields, **rest, suite=suite)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileError(
            Message("The key file %(path)s can't be read. Put it back from its own backup.", {"path": str(path)})
        ) from error
    if keys.current not in fields or any(len(key) != KEY_BYTES for key in (*fields.values(), *rest.values())):
        raise KeyFileError(
            Message("The key file %(path)s is damaged. Put it back from its own backup.", {"path": str(path)})
        )
    return keys


def write_keys(path: Path, keys: Keys) -> None:
    """Write `keys` to a new file that only its owner may read; raise KeyFileError rather than replace one that exists.

    It is on the disk when this returns: rows that outlived their keys in a power cut could never be read again.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _write(path, keys)
    except FileExistsError as error:
        raise KeyFileError(
            Message("There is a key file %(path)s already: without it nothing can be read again.", {"path": str(path)})
        ) from error
    _sync_folder(path.parent)


def replace_keys(path: Path, keys: Keys) -> None:
    """Put `keys` in the place of the file's, at once and on the disk; raise KeyFileError if one of them would be lost.

    Whoever reads the file meanwhile finds either the old or the new keys. Two may not do this at the same time.
    """
    known = read_keys(path)
    if not known.fields.items() <= keys.fields.items() or _lasting(known) != _lasting(keys):
        raise KeyFileError(
            Message("The key file %(path)s has a key that the new one lacks: it was kept.", {"path": str(path)})
        )
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    _write(beside, keys)
    beside.replace(path)
    _sync_folder(path.parent)


def _lasting(keys: Keys) -> tuple[bytes, bytes, SuiteName]:
    """Return what can never change, as everything that is found or linked by it would be lost."""
    return keys.index, keys.audit, keys.suite


def _write(path: Path, keys: Keys) -> None:
    text = {
        "suite": keys.suite.value,
        "current": keys.current,
        "fields": {name: base64.b64encode(key).decode() for name, key in keys.fields.items()},
        **{name: base64.b64encode(getattr(keys, name)).decode() for name in ("index", "audit", "web")},
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(text, file, indent=1)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
