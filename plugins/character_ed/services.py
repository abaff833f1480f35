"""What the program works out: the mix that a term has, and the stamps and awards that attendance amounts to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import (
    ActivityLine,
    ActivityOutline,
    Attended,
    ChildFacts,
    Presence,
    TermOutline,
    activities_of,
    attended,
    child_facts,
    children_in_group,
    groups_offered,
    planned_sessions,
)
from plugins.character_ed import queries
from plugins.character_ed.activities import PROGRAM
from plugins.character_ed.mix import Mix
from plugins.character_ed.models import Award

#: A child's stamps by line, one for each session that it was at.
Stamps = Counter[ActivityLine]


@dataclass(frozen=True)
class LineCount:
    """How many sessions of a line a group has: `described` by organizers, and `planned` in the newest plan.

    `lacking` of those that the station asks for have not even been described; `most` can be held if no line comes
    twice running.
    """

    line: ActivityLine
    described: int
    planned: int
    lacking: int
    most: int | None

    @property
    def is_too_often(self) -> bool:
        """Say whether there is not enough on other lines to put between its sessions."""
        return self.most is not None and self.described > self.most


@dataclass(frozen=True)
class GroupMix:
    """A group's mix of lines in a term."""

    group: str
    lines: tuple[LineCount, ...]


@dataclass(frozen=True)
class TermMix:
    """The mix of lines of a term, group by group; `is_planned` says whether there is a plan yet."""

    term: TermOutline
    mix: Mix
    groups: tuple[GroupMix, ...]
    is_planned: bool


@dataclass(frozen=True)
class StampCard:
    """A child's stamps by line and the awards that it has reached, the easiest first."""

    child: ChildFacts
    stamps: Mapping[ActivityLine, int]
    awards: tuple[Award, ...]

    @property
    def total(self) -> int:
        """How many stamps there are."""
        return sum(self.stamps.values())


def mix_of_term(session: Session, term: TermOutline) -> Mix:
    """Return the mix that the term's station asks for; each line once, none twice running, if it has said nothing."""
    found = session.scalars(queries.settings_for(term)).first()
    return Mix() if found is None else Mix(found.times_per_line, found.alternate)


def term_mix(session: Session, term: TermOutline) -> TermMix:
    """Return how often each group has each line in a term, of the program's activities."""
    mix, names = mix_of_term(session, term), dict(groups_offered(session))
    described = _by_group((activity, activity.sessions) for activity in activities_of(session, PROGRAM.key, term.id))
    rows = planned_sessions(session, PROGRAM.key, term.id)
    planned = _by_group((row.activity, 1) for row in rows)
    return TermMix(
        term,
        mix,
        tuple(
            GroupMix(names[group], _counted(described[group], planned[group], mix))
            for group in names
            if group in described
        ),
        bool(rows),
    )


def stamps_until(session: Session, last: date) -> Mapping[tuple[UUID, UUID], Stamps]:
    """Return the stamps of all children within reach by the end of a day, by station and child.

    A stamp counts towards the awards of the station that held the session.
    """
    return stamps_of(attended(session, PROGRAM.key, date.min, last))


def stamps_of(rows: Iterable[Attended]) -> Mapping[tuple[UUID, UUID], Stamps]:
    """Return the stamps that some attendance amounts to, by station and child: one for each session it was at."""
    found = defaultdict[tuple[UUID, UUID], Stamps](Counter)
    for row in rows:
        if row.presence is Presence.PRESENT:
            found[row.session.station_id, row.child_id][row.session.activity.line] += 1
    return dict(found)


def has_reached(stamps: Stamps, award: Award) -> bool:
    """Say whether stamps suffice for an award: there are enough, on enough of the five lines."""
    return stamps.total() >= award.stamps and len(+stamps) >= award.lines


def reached(session: Session, last: date) -> Sequence[tuple[Award, int]]:
    """Return the awards within reach, each with how many children had reached it by the end of a day."""
    stamps = stamps_until(session, last)
    return tuple(
        (award, sum(station == award.station_id and has_reached(own, award) for (station, _), own in stamps.items()))
        for award in session.scalars(queries.awards())
    )


def cards_of_group(session: Session, group: UUID, today: date) -> tuple[StampCard, ...]:
    """Return the stamp cards of the children in a group, by number.

    Nothing is reckoned up of a child whose data is under restricted use: its card is empty meanwhile.
    """
    stamps, awards = stamps_until(session, today), tuple(session.scalars(queries.awards()))
    children = child_facts(session, sorted(children_in_group(session, group)), today)
    return tuple(_card(child, stamps, awards) for child in children)


def _card(child: ChildFacts, stamps: Mapping[tuple[UUID, UUID], Stamps], awards: Iterable[Award]) -> StampCard:
    if child.restricted:
        return StampCard(child, {}, ())
    own = {station: found for (station, owner), found in stamps.items() if owner == child.id}
    total = sum(own.values(), Stamps())
    won = tuple(award for award in awards if has_reached(own.get(award.station_id, Stamps()), award))
    return StampCard(child, {line: total[line] for line in ActivityLine}, won)


def _by_group(rows: Iterable[tuple[ActivityOutline, int]]) -> Mapping[str, Stamps]:
    found = defaultdict[str, Stamps](Counter)
    for activity, sessions in rows:
        for group in activity.groups:
            found[group][activity.line] += sessions
    return found


def _counted(described: Stamps, planned: Stamps, mix: Mix) -> tuple[LineCount, ...]:
    return tuple(
        LineCount(
            line,
            described[line],
            planned[line],
            lacking=max(0, mix.times_per_line - described[line]),
            most=described.total() - described[line] + 1 if mix.alternate else None,
        )
        for line in ActivityLine
    )
