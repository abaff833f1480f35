"""The real server on an opening morning: killed at any moment, asked a hundred times, left in the middle."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from core.db.queries.registration import of_requests
from tests.benchmarks.registration_rush.clients import Rush, Sent, at_the_desk, rush
from tests.benchmarks.registration_rush.judging import Findings, findings
from tests.benchmarks.registration_rush.morning import Morning, a_morning
from tests.benchmarks.registration_rush.server import Running, serving

CLIENTS = 12
#: After so many seconds at the latest a server is killed.
LATEST = 1.0


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    """Return a station whose registration has just opened."""
    return a_morning(tmp_path_factory.mktemp("morning") / "installation", clients=CLIENTS, registrations=100)


@pytest.fixture(scope="module")
def server(morning: Morning) -> Iterator[Running]:
    """Serve the station's pages by the real server."""
    with serving(morning.settings, morning.settings.data_dir.with_name("server.log")) as running:
        yield running


def judged(morning: Morning, confirmed: list[Sent]) -> Findings:
    """Open the database as it is now and hold it against what people were told."""
    with morning.reading() as session:
        assert session.connection().execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        return findings(session, morning.station, confirmed)


def stored(morning: Morning, forms: Sequence[Sent]) -> int:
    """Return how many registrations there are of forms, each of which has one at least."""
    found = judged(morning, list(forms))
    assert (found.lost, found.double, found.wrong) == (0, 0, ())
    with morning.reading() as session:
        return len(session.scalars(of_requests([form.key for form in forms])).all())


def a_round(morning: Morning, log: Path, forms: list[Sent], killed_after: float) -> Rush:
    with serving(morning.settings, log) as server:
        return asyncio.run(rush(server, morning.cookies, forms, killed_after=killed_after))


def killed_again_and_again(folder: Path, rounds: int) -> int:
    """Kill the server in each round, then hold the database against all that was confirmed so far.

    Whoever got no answer sends the same form again in the next round. Returns how many forms were cut off.
    """
    morning = a_morning(folder / "installation", clients=CLIENTS, registrations=400 * rounds)
    left, confirmed, cut_off = list(morning.forms), [], 0
    for number in range(rounds):
        moment = random.Random(number).uniform(0.02, LATEST)  # noqa: S311 (no secret)
        came = a_round(morning, folder / "server.log", left, moment)
        assert not came.others
        confirmed += came.confirmed
        found = judged(morning, confirmed)
        assert (found.lost, found.double, found.wrong) == (0, 0, ()), f"round {number}, killed after {moment:.3f} s"
        cut_off += len(came.unanswered)
        answered = {sent.key for sent in confirmed}
        again = {sent.key for sent in came.unanswered}
        left = [*came.unanswered, *(sent for sent in left if sent.key not in answered | again)]
    assert confirmed
    return cut_off


def test_whatever_was_confirmed_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    assert killed_again_and_again(tmp_path, 2) > 0


@pytest.mark.verify
def test_whatever_was_confirmed_is_there_after_the_server_was_killed_fifty_times(tmp_path: Path) -> None:
    assert killed_again_and_again(tmp_path, 50) > 0


def test_the_same_form_a_hundred_times_at_once_is_one_registration_and_one_answer(
    morning: Morning, server: Running
) -> None:
    form = morning.forms[0]

    async def a_hundred_times() -> set[tuple[int, str, bytes]]:
        async with at_the_desk(server, morning.cookies) as browsers:
            # Several tabs of each browser.
            tabs = [replace(browsers[number % CLIENTS], streams=None) for number in range(100)]
            answers = await asyncio.gather(*(tab.register(form) for tab in tabs))
            await asyncio.gather(*(tab.close() for tab in tabs))
        return {(answer.status, answer.location, answer.body) for answer in answers if answer is not None}

    ((status, location, _body),) = asyncio.run(a_hundred_times())
    assert (status, location.rpartition("/")[2]) == (302, str(form.key))
    assert stored(morning, [form]) == 1


def test_whoever_breaks_off_in_the_middle_and_sends_again_is_registered_once(morning: Morning, server: Running) -> None:
    parts = [number / 20 for number in range(1, 21)]
    forms = morning.forms[1 : 1 + len(parts)]

    async def break_off_and_send_again() -> list[int]:
        async with at_the_desk(server, morning.cookies[:1]) as (browser,):
            for form, part in zip(forms, parts, strict=True):
                await browser.break_off(form, part)
            answers = [await browser.register(form) for form in forms]
        return [answer.status for answer in answers if answer is not None]

    assert asyncio.run(break_off_and_send_again()) == [302] * len(forms)
    assert stored(morning, forms) == len(forms)
