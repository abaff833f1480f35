"""Servers that are killed while they send lose nothing, and send nothing twice but what each was handing over."""

import random
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep

import pytest

from core.db.session import Database
from core.domain.clock import SystemClock
from core.domain.notices import NoticeKind, NoticeState
from core.security.keys import write_keys
from tests.fakes.smtp import Mails, mail_server
from tests.integration.sending import started
from tests.integration.telling import Town, a_town

#: How long the mail server thinks about each letter, at most.
SLOWEST = 0.02
#: So long after a letter was begun at the latest a server is killed: within the letter, after it, or in the next one.
LATEST = 0.05
#: How long a server may take for its next letter on a machine that is busy.
PATIENCE = 60.0


class Counted:
    """What a mail server took, in the rounds between kills."""

    def __init__(self, mails: Mails, chance: random.Random) -> None:
        self.rounds: list[list[str]] = []
        self.begun = 0
        self._chance = chance
        mails.on_letter = self._take

    def _take(self, mail: EmailMessage) -> str | None:
        self.begun += 1
        sleep(self._chance.uniform(0, SLOWEST))
        self.rounds[-1].append(str(mail["Message-ID"]))
        return None

    def wait_for(self, letters: int) -> None:
        """Wait until servers have begun to hand so many letters over in all, then for a moment."""
        until = monotonic() + PATIENCE
        while self.begun < letters and monotonic() < until:
            sleep(0.001)
        sleep(self._chance.uniform(0, LATEST))

    @property
    def taken(self) -> list[str]:
        """All of it, in order."""
        return [one for took in self.rounds for one in took]


def killed_again_and_again(database: Database, folder: Path, kills: int) -> Counted:
    """Kill a server `kills` times while it sends, let the last one finish, and return what the mail server took."""
    town, chance = a_town(database, people=1), random.Random(kills)  # noqa: S311 (no secret)
    town.clock = SystemClock()  # type: ignore[assignment]
    keys = folder / "keys.json"
    write_keys(keys, database.vault._keys)
    url = database.engine.url.render_as_string(hide_password=False)
    with mail_server() as mails:
        counted = Counted(mails, chance)
        for number in range(kills):
            put_some(town, number)
            counted.rounds.append([])
            letters = counted.begun + chance.randrange(4)
            server = started(url, keys, mails.port, number)
            counted.wait_for(letters)
            server.kill()
            server.join()
            # What it has handed over completely is still taken, as it would be by any mail server.
            sleep(2 * SLOWEST)
        counted.rounds.append([])
        server = started(url, keys, mails.port, kills)
        wait_until_all_is_sent(town, counted)
        server.kill()
        server.join()
    require_all_sent(town, kills, counted)
    return counted


def wait_until_all_is_sent(town: Town, counted: Counted) -> None:
    """Wait as long as a server goes on."""
    begun, until = -1, 0.0
    while any(row.state is not NoticeState.SENT for row in town.rows()):
        if counted.begun > begun:
            begun, until = counted.begun, monotonic() + PATIENCE
        if monotonic() > until:
            return
        sleep(0.1)


def put_some(town: Town, number: int) -> None:
    for one in range(5):
        # What is urgent goes at any hour, and alone.
        town.put(f"{number}-{one}", kind=NoticeKind.SESSION_UNSAFE, urgent=True)


def require_all_sent(town: Town, kills: int, counted: Counted) -> None:
    rows = town.rows()
    assert [row.state for row in rows] == [NoticeState.SENT] * 5 * kills
    wanted = {f"<{row.message_id.hex}@weibao.example>" for row in rows if row.message_id}
    assert set(counted.taken) == wanted


def doubled(rounds: Sequence[Sequence[str]]) -> set[str]:
    """Return what was taken more than once; none may be but the last that a killed server handed over."""
    found = set()
    for number, took in enumerate(rounds):
        later = {one for after in rounds[number + 1 :] for one in after}
        again = [one for one in took if one in later]
        assert again in ([], took[-1:]), "a killed server's last letter alone may come again"
        assert len(took) == len(set(took))
        found |= set(again)
    return found


def test_servers_that_are_killed_while_they_send_lose_nothing(database: Database, tmp_path: Path) -> None:
    counted = killed_again_and_again(database, tmp_path, 6)
    assert any(counted.rounds[:-1]), "some were killed while they were at it"
    assert len(doubled(counted.rounds)) <= 6


@pytest.mark.verify
def test_servers_that_are_killed_a_hundred_times_lose_nothing(database: Database, tmp_path: Path) -> None:
    counted = killed_again_and_again(database, tmp_path, 100)
    assert sum(bool(took) for took in counted.rounds[:-1]) > 50, "most were killed while they were at it"
    assert doubled(counted.rounds)
    assert 500 < len(counted.taken) <= 600
    print(f"100 kills, 500 notices, {len(counted.taken)} taken")  # noqa: T201 (the figure, for the record)


def test_a_letter_that_came_twice_without_a_kill_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        doubled([["a", "b"], ["a"]])
    with pytest.raises(AssertionError):
        doubled([["a", "a"]])
    assert doubled([["a", "b"], ["b", "c"]]) == {"b"}
