"""Guessed addresses of calendars: whatever is guessed is answered alike, in its bytes and in its time."""

import random
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

import pytest
from flask import Flask

from core.db.models import FeedToken
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.services.feeds import FeedAddress, open_feed, revoke_feed
from tests.functional.county import County, MovingClock

#: The medians of any two kinds of guesses lie no further apart than this share; a look-up more would be a third.
_APART = 0.15
#: What differs between any two answers, even to the same question: the secret of a form, and with it the length.
_OWN = re.compile(rb'value="[^"]*"|nonce-[^\']*|nonce="[^"]*"')
_LENGTHS = {"Content-Length", "Set-Cookie"}

Guess = Callable[[], str]


@pytest.fixture
def guesses(app: Flask, database: Database, county: County, clock: MovingClock) -> Mapping[str, Guess]:
    """Return what may be guessed, by its kind: what never was, was revoked, is near one, or opens something else."""
    address = FeedAddress(county.here.station, *_room(database, county))
    with database.writing(EVERYTHING) as session:
        revoked = [open_feed(session, SYSTEM, clock, address) for _ in range(20)]
        for row in session.query(FeedToken).filter_by(subject=address.subject):
            revoke_feed(session, SYSTEM, clock, row.id)
        near = open_feed(session, SYSTEM, clock, address)
    assert app.test_client().get(f"/feeds/{near}.ics").status_code == 200
    return {
        "never was": lambda: secrets.token_urlsafe(32),
        "revoked": lambda: random.choice(revoked),  # noqa: S311 - no secret
        "near": lambda: near[:-1] + ("A" if near[-1] != "A" else "B"),
        "a guardian's": lambda: f"{county.here.guardian}-link",
    }


def _room(database: Database, county: County) -> tuple[FeedKind, str]:
    with database.reading(EVERYTHING) as session:
        row = session.get_one(FeedToken, county.here.token)
        return row.kind, row.subject


def ask(app: Flask, guesses: Mapping[str, Guess], count: int) -> dict[str, list[float]]:
    """Guess so often, each time as another kind and from another address of the net; return the seconds by kind."""
    client, taken, answers = app.test_client(), defaultdict(list), set()
    for number in range(count):
        kind = list(guesses)[number % len(guesses)]
        path = f"/feeds/{guesses[kind]()}.ics"
        # Who guesses often is held back by their own address, which would hide what is looked for here.
        origin = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        begun = perf_counter()
        answer = client.get(path, environ_overrides=origin)
        taken[kind].append(perf_counter() - begun)
        headers = tuple(
            sorted((key, _OWN.sub(b"", value.encode())) for key, value in answer.headers.items() if key not in _LENGTHS)
        )
        answers.add((answer.status_code, headers, _OWN.sub(b"", answer.get_data())))
    assert len(answers) == 1, [(status, headers) for status, headers, _ in answers]
    assert next(iter(answers))[0] == 404
    return taken


def test_guesses_are_answered_alike(app: Flask, guesses: Mapping[str, Guess]) -> None:
    assert {kind: len(taken) for kind, taken in ask(app, guesses, 100).items()} == dict.fromkeys(guesses, 25)


@pytest.mark.verify
def test_ten_thousand_guesses_tell_nothing_by_their_time_either(app: Flask, guesses: Mapping[str, Guess]) -> None:
    ask(app, guesses, 200)
    medians = {kind: median(taken) for kind, taken in ask(app, guesses, 10_000).items()}
    print({kind: f"{1000 * one:.3f} ms" for kind, one in medians.items()})  # noqa: T201
    assert max(medians.values()) <= (1 + _APART) * min(medians.values())
