"""Writing together: what comes while one transaction is under way is done together in the next, by one commit.

A transaction that is kept costs the same whether it holds one person's work or thirty's. Nobody is answered before the
commit that holds their work; who came first is done first.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Final, Generic, TypeVar

from sqlalchemy.orm import Session

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
#: More of them would keep the first ones waiting for long.
_MOST: Final = 64


class TurnBrokenOffError(RuntimeError):
    """Whoever led a turn was stopped in the middle of it, and nothing of the turn was kept."""


@dataclass(eq=False)
class _Ticket(Generic[Ask, Answer]):
    """Somebody who waits: with an answer, an error, or until it is their turn to see to those who wait."""

    ask: Ask
    called: Event = field(default_factory=Event)
    answers: Sequence[Answer] = ()
    error: Exception | None = None

    @property
    def done(self) -> bool:
        return bool(self.answers) or self.error is not None


class Together(Generic[Ask, Answer]):
    """Carries out what the threads of a process ask for, in turns: of those who wait the first one does it for all.

    `writing` opens a transaction; `carry_out` does what is asked in it, in the order given, and returns an answer for
    each. Where a turn fails it is as if it had not been, and each of it is carried out by itself, so that what fails
    for one harms nobody else: its error is raised for whoever asked.
    """

    def __init__(
        self,
        writing: Callable[[], AbstractContextManager[Session]],
        carry_out: Callable[[Session, Sequence[Ask]], Sequence[Answer]],
    ) -> None:
        self._writing, self._carry_out = writing, carry_out
        self._lock = Lock()
        self._waiting: list[_Ticket[Ask, Answer]] = []
        self._led = False

    def ask(self, ask: Ask) -> Answer:
        """Carry something out, together with what others ask for, and return its answer after the commit."""
        ticket: _Ticket[Ask, Answer] = _Ticket(ask)
        with self._lock:
            self._waiting.append(ticket)
            leads, self._led = not self._led, True
        if not leads:
            ticket.called.wait()
        if not ticket.done:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        return ticket.answers[0]

    def _lead(self) -> None:
        """See to those who wait, then call the first of those who have come meanwhile to do the same."""
        turn: list[_Ticket[Ask, Answer]] = []
        try:
            self._take_turn(turn)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is raised for whoever it concerns)
            # The transaction may not even have begun.
            turn += self._next() if not turn else []
            self._alone(turn, error)
        finally:
            self._call(turn)

    def _call(self, turn: Sequence[_Ticket[Ask, Answer]]) -> None:
        """Call those whose turn it was, and the first of those who wait: it leads the next."""
        for ticket in turn:
            if not ticket.done:
                ticket.error = TurnBrokenOffError()
        with self._lock:
            self._led = bool(self._waiting)
            called = [*turn, *self._waiting[:1]]
        for ticket in called:
            ticket.called.set()

    def _take_turn(self, turn: list[_Ticket[Ask, Answer]]) -> None:
        with self._writing() as session:
            # Only now: whoever came while this waited for its transaction is of it.
            turn += self._next()
            answers = self._carry_out(session, [ticket.ask for ticket in turn])
        for ticket, answer in zip(turn, answers, strict=True):
            ticket.answers = (answer,)

    def _next(self) -> list[_Ticket[Ask, Answer]]:
        with self._lock:
            turn, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        return turn

    def _alone(self, turn: Sequence[_Ticket[Ask, Answer]], error: Exception) -> None:
        """Carry out each of a turn that failed by itself; where it was one alone, the error is its own."""
        if len(turn) == 1:
            turn[0].error = error
            return
        for ticket in turn:
            try:
                with self._writing() as session:
                    (answer,) = self._carry_out(session, [ticket.ask])
            except Exception as own:  # noqa: BLE001 (as above)
                ticket.error = own
            else:
                ticket.answers = (answer,)
