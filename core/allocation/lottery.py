"""Ties drawn from a seed that was published beforehand, by SHA-256, so that anybody can draw them again."""

from collections.abc import Iterable
from hashlib import sha256

#: Tickets are whole numbers from 0 to below this.
TICKETS = 2**16

_TICKET_DIGITS = 4


def draw(seed: str, *ids: str) -> str:
    """Return the lot of ids: 64 hexadecimal digits, the SHA-256 of the seed and the ids, joined by `|`, in UTF-8.

    `printf '%s' '20270701|c-17' | sha256sum` says the same. Whoever doesn't know the seed can't choose an id with a
    good lot, so ids are made before the seed is drawn.
    """
    return sha256("|".join((seed, *ids)).encode()).hexdigest()


def drawn(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the ids in the order of the draw, the smallest lot first, however they came."""
    return tuple(sorted(ids, key=lambda each: draw(seed, each)))


def ticket(seed: str, child: str, activity: str) -> int:
    """Return what a child's place in an activity counts for in the lottery: its lot's first four digits, as a number.

    Of allocations that are equal in every aim, the one whose places have the greatest sum of tickets is chosen.
    """
    return int(draw(seed, child, activity)[:_TICKET_DIGITS], 16)
