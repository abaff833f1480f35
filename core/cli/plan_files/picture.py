"""What a drawing of a plan shows, as plain values: rows, weeks, blocks with their marks, and the run's progress."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from core.domain.errors import Message
from core.planning.backdrop import Backdrop
from core.planning.errors import MalformedProblemError
from core.planning.moments import MINUTES_A_DAY, clock_of, day_of, to_datetime
from core.planning.plan import Plan, PlannedSession

_HOUR = 60


class Mark(StrEnum):
    """What is special about a session in a plan that follows a published one."""

    FROZEN = "frozen"
    MOVED = "moved"
    REHOUSED = "rehoused"
    ADDED = "added"


@dataclass(frozen=True)
class Block:
    """A session in its row: from `start` to `end` minutes after midnight of a day (see `moments`)."""

    name: str
    program: str
    row: int
    day: int
    start: int
    end: int
    mark: Mark | None


@dataclass(frozen=True)
class Picture:
    """Rows with their labels, weeks of days on which anything is held, blocks, and (seconds, cost, bound) of the run.

    A row for sessions without a room has no label. `hours` are the first and last minute of the day that are shown.
    """

    title: str
    rows: tuple[str, ...]
    weeks: tuple[tuple[int, ...], ...]
    hours: tuple[int, int]
    programs: tuple[str, ...]
    blocks: tuple[Block, ...]
    history: tuple[tuple[float, int, int], ...]


def picture_of(plan: Plan, backdrop: Backdrop, history: Iterable[tuple[float, int, int]] = ()) -> Picture:
    """Return what is drawn; MalformedProblemError names a session of which the backdrop knows nothing."""
    for at, row in enumerate(plan.sessions):
        if row.activity not in backdrop.activities or (row.room is not None and row.room not in backdrop.rooms):
            reason = Message("The problem of “%(activity)s” or of its room is another one.", {"activity": row.activity})
            raise MalformedProblemError(f"$.sessions[{at}]", reason)
    roomless = [row for row in plan.sessions if row.room is None]
    lanes = _lanes(roomless, backdrop)
    places = {room: number for number, room in enumerate(backdrop.rooms)}
    several = len(set(backdrop.rooms.values())) > 1
    labels = [f"{room} · {venue}" if several else room for room, venue in backdrop.rooms.items()]
    blocks = tuple(
        _block(row, backdrop, places[row.room] if row.room is not None else len(places) + lanes[row.key])
        for row in plan.sessions
    )
    days = sorted({block.day for block in blocks})
    return Picture(
        plan.problem,
        (*labels, *("" for _ in range(max(lanes.values(), default=-1) + 1))),
        tuple(tuple(week) for _, week in groupby(days, key=_week)),
        _hours(blocks),
        tuple(dict.fromkeys(program for program, _ in backdrop.activities.values())),
        blocks,
        tuple(history),
    )


def _block(row: PlannedSession, backdrop: Backdrop, place: int) -> Block:
    program, minutes = backdrop.activities[row.activity]
    start = clock_of(row.start)
    name = f"{row.activity} {row.index + 1}"
    return Block(name, program, place, day_of(row.start), start, start + minutes, _mark(row, backdrop))


def _mark(row: PlannedSession, backdrop: Backdrop) -> Mark | None:
    if not backdrop.published:
        return None
    if row.key not in backdrop.published:
        return Mark.ADDED
    start, room = backdrop.published[row.key]
    if backdrop.frozen_before is not None and start < backdrop.frozen_before:
        return Mark.FROZEN
    if start != row.start:
        return Mark.MOVED
    return Mark.REHOUSED if room != row.room else None


def _lanes(rows: Sequence[PlannedSession], backdrop: Backdrop) -> Mapping[tuple[str, int], int]:
    """Return for each session without a room a lane in which no other is at the same time."""
    free: list[int] = []
    lanes = {}
    for row in sorted(rows, key=lambda each: (each.start, each.key)):
        lane = next((number for number, until in enumerate(free) if until <= row.start), len(free))
        free[lane:] = [row.start + backdrop.activities[row.activity][1], *free[lane + 1 :]]
        lanes[row.key] = lane
    return lanes


def _hours(blocks: Iterable[Block]) -> tuple[int, int]:
    """Return the full hours around everything that is held."""
    starts, ends = [block.start for block in blocks], [block.end for block in blocks]
    if not starts:
        return 0, MINUTES_A_DAY
    return min(starts) // _HOUR * _HOUR, -(-max(ends) // _HOUR) * _HOUR


def _week(day: int) -> tuple[int, int]:
    year, week, _ = to_datetime(day * MINUTES_A_DAY).isocalendar()
    return year, week
