"""Turns in which several threads' work is done together: their order, and what happens when one is broken off."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from core.db.together import Together, TurnBrokenOffError

LAST = 9


class Work:
    """Work without a database: it waits until it may go on, and keeps a turn only when its transaction ends well."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.begun = threading.Event()
        self.kept: list[list[int]] = []
        self.raises: BaseException | None = None
        self.together: Together[int, str] = Together(self._writing, self._carry_out)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        turn: list[int] = []
        yield cast("Session", turn)
        self.kept.append(turn)

    def _carry_out(self, turn: Any, asked: Sequence[int]) -> list[str]:
        self.begun.set()
        assert self.may_go_on.wait(timeout=60)
        if self.raises is not None:
            raise self.raises
        turn += asked
        return [f"{one} is done" for one in asked]

    def waiting(self, pool: ThreadPoolExecutor, asked: Sequence[int]) -> list[Future[str]]:
        """Ask one after the other, each when the one before waits."""
        futures = []
        for number, one in enumerate(asked):
            futures.append(pool.submit(self.together.ask, one))
            until = monotonic() + 60
            while monotonic() < until and len(self.together._waiting) < number:
                sleep(0.001)
            assert self.begun.wait(timeout=60)
        return futures


def test_whoever_comes_while_a_turn_is_under_way_is_of_the_next_in_the_order_of_coming() -> None:
    work = Work()
    with ThreadPoolExecutor(LAST + 1) as pool:
        futures = work.waiting(pool, range(LAST + 1))
        work.may_go_on.set()
        assert [future.result(timeout=60) for future in futures] == [f"{one} is done" for one in range(LAST + 1)]
    assert work.kept == [[0], list(range(1, LAST + 1))]


def test_when_whoever_leads_is_stopped_the_others_of_the_turn_are_told_and_the_next_turn_goes_on() -> None:
    work = Work()
    with ThreadPoolExecutor(3) as pool:
        (stopped,) = work.waiting(pool, [0])
        work.raises = SystemExit()
        work.may_go_on.set()
        assert isinstance(stopped.exception(timeout=60), SystemExit)
    work.raises = None
    assert work.together.ask(1) == "1 is done"
    assert work.kept == [[1]]


def test_nobody_of_a_turn_that_was_broken_off_waits_for_ever() -> None:
    work = Work()
    with ThreadPoolExecutor(3) as pool:
        futures = work.waiting(pool, [0])
        work.raises = ValueError("It can't be done.")
        futures += [pool.submit(work.together.ask, one) for one in (1, 2)]
        work.may_go_on.set()
        errors = [future.exception(timeout=60) for future in futures]
    assert [type(error) for error in errors] == [ValueError] * 3
    with pytest.raises(ValueError, match="done"):
        work.together.ask(3)


def test_a_turn_broken_off_says_so_to_those_who_did_not_lead() -> None:
    work = Work()
    with ThreadPoolExecutor(3) as pool:
        first, *others = work.waiting(pool, [0, 1, 2])

        def stop(turn: Any, asked: Sequence[int]) -> list[str]:
            if 1 in asked:
                raise SystemExit
            return list(map(str, asked))

        work.together._carry_out = stop
        work.may_go_on.set()
        assert first.result(timeout=60)
        assert sorted(type(other.exception(timeout=60)).__name__ for other in others) == sorted(
            [SystemExit.__name__, TurnBrokenOffError.__name__]
        )
