"""How a calendar program is answered: that nothing changed, or with the calendar's bytes, by gzip if it takes that."""

import gzip
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from werkzeug.http import http_date, is_resource_modified

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_CONTENT: Final = (
    ("Content-Type", "text/calendar; charset=utf-8"),
    ("Content-Disposition", 'inline; filename="weibao.ics"'),
)
_ENCODED: Final = (("Content-Encoding", "gzip"),)
_ZIPPED: Final = "-gzip"


@dataclass(frozen=True)
class Version:
    """What a calendar says at a time: a word of letters and digits that changes with its bytes, and the last change."""

    tag: str
    changed_at: datetime


@dataclass(frozen=True)
class Answer:
    """An answer over HTTP."""

    status: str
    headers: list[tuple[str, str]]
    body: tuple[bytes, ...]


def unchanged(environ: "WSGIEnvironment", version: Version) -> Answer | None:
    """Return the answer to who has the version already, None to whom it is news."""
    headers = _headers(environ, version)
    tag = dict(headers)["ETag"]
    if is_resource_modified(environ, tag, last_modified=version.changed_at, ignore_if_range=False):
        return None
    return Answer("304 NOT MODIFIED", headers, ())


def in_full(environ: "WSGIEnvironment", version: Version, zipped: bytes) -> Answer:
    """Return the answer that tells the version, whose bytes come by gzip."""
    takes_gzip = _takes_gzip(environ)
    content = zipped if takes_gzip else gzip.decompress(zipped)
    headers = [*_headers(environ, version), *_CONTENT, ("Content-Length", str(len(content)))]
    headers += _ENCODED if takes_gzip else ()
    return Answer("200 OK", headers, () if environ["REQUEST_METHOD"] == "HEAD" else (content,))


def zipped(content: bytes) -> bytes:
    """Return a calendar's bytes by gzip, the same for the same."""
    # Level 6 takes a third of the time of 9, and its bytes are hardly more.
    return gzip.compress(content, compresslevel=6, mtime=0)


def _headers(environ: "WSGIEnvironment", version: Version) -> list[tuple[str, str]]:
    tag = f'"{version.tag}{_ZIPPED if _takes_gzip(environ) else ""}"'
    return [("ETag", tag), ("Last-Modified", http_date(version.changed_at)), ("Vary", "Accept-Encoding")]


def _takes_gzip(environ: "WSGIEnvironment") -> bool:
    return "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
