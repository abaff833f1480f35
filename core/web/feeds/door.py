"""Where calendar programs come in: before the pages, since they come far more often and ask for one thing.

A fetch is one short look at how the feed stands; its bytes are made once after each change and kept. What isn't the
address of a feed that answers goes on to the pages, which know nothing of it either.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import Flask

from core.domain.actor import EVERYTHING
from core.extensions import wiring_of
from core.feeds.ics import render
from core.services import subscriptions as service
from core.services.subscriptions import Standing
from core.web.feeds.answering import Answer, Version, in_full, unchanged, zipped
from core.web.feeds.notes import FetchNotes
from core.web.headers import protecting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ADDRESS: Final = re.compile(r"/feeds/([A-Za-z0-9_-]+)\.ics")
_CACHED: Final = ("Cache-Control", "private, no-cache")
_ASKING: Final = frozenset({"GET", "HEAD"})
#: Of rendered feeds that a process keeps: those of some thirty thousand volunteers.
_KEPT_BYTES: Final = 64 * 1024 * 1024


class Shelf:
    """Rendered feeds by gzip, one of each address: those that were asked for last, in no more than so many bytes."""

    def __init__(self, most: int = _KEPT_BYTES) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[UUID, tuple[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, address: UUID, tag: str) -> bytes | None:
        """Return the feed of that address, if it is kept as it is with that tag."""
        with self._lock:
            kept_tag, zipped = self._kept.get(address, ("", b""))
            if kept_tag != tag:
                return None
            self._kept.move_to_end(address)
            return zipped

    def put(self, address: UUID, tag: str, zipped: bytes) -> None:
        """Keep a feed in the place of what it was before, and let go of those that were not asked for longest."""
        with self._lock:
            _, before = self._kept.pop(address, ("", b""))
            self._size += len(zipped) - len(before)
            self._kept[address] = tag, zipped
            while self._size > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._size -= len(gone)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size


class FeedDoor:
    """A WSGI application that answers calendar programs, and leaves all else to the pages behind it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pages = app.wsgi_app
        self._shelf = Shelf()
        self.notes = FetchNotes(app)
        self._headers = [_CACHED, *protecting(secure=wiring_of(app).settings.secure_cookies).items()]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        answer = self._answer(environ, address[1]) if address and environ["REQUEST_METHOD"] in _ASKING else None
        if answer is None:
            return self._pages(environ, start_response)
        start_response(answer.status, [*self._headers, *answer.headers])
        return answer.body

    def _answer(self, environ: "WSGIEnvironment", token: str) -> Answer | None:
        """Return the answer to the fetch of a feed, None where there is no such feed."""
        wiring = wiring_of(self._app)
        standing = service.standing_at_a_glance(wiring.database, wiring.clock, wiring.hooks, token)
        if standing is None:
            return None
        if standing.unnoted:
            self.notes.add(standing.token_id)
        version = Version(standing.tag, standing.changed_at)
        if (answer := unchanged(environ, version)) is not None:
            return answer
        content = self._shelf.get(standing.token_id, version.tag)
        if content is None:
            # A session sees one moment, which may be later than the glance: how the feed stands is asked again in it.
            standing, content = self._rendered(token)
            if standing is None:
                return None
            version = Version(standing.tag, standing.changed_at)
        return in_full(environ, version, content)

    def _rendered(self, token: str) -> tuple[Standing | None, bytes]:
        """Render a feed and put it on the shelf; return how it stands and its bytes by gzip."""
        wiring = wiring_of(self._app)
        with wiring.database.reading(EVERYTHING) as session:
            standing = service.standing_of(session, wiring.clock, wiring.hooks, token)
            if standing is None:
                return None, b""
            feed = service.feed_at(session, wiring.clock, wiring.hooks, standing, wiring.settings.base_url)
        content = zipped(render(feed))
        self._shelf.put(standing.token_id, standing.tag, content)
        return standing, content


def notes_of(app: Flask) -> FetchNotes:
    """Return the notes of an application's door; raise TypeError where something stands before it."""
    if not isinstance(app.wsgi_app, FeedDoor):
        raise TypeError("The door for calendars is the outermost part of an application.")
    return app.wsgi_app.notes
