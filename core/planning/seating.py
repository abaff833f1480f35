"""A plan laid beside its problem, for plain reading: who and what is where, and when; it judges nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.planning.moments import day_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Problem


@dataclass(frozen=True, eq=False)
class Meeting:
    """A held session with what the problem says about it; `end` and `start` are moments."""

    row: PlannedSession
    activity: Activity
    venue: str | None

    @property
    def key(self) -> SessionKey:
        """Return the session's activity and index."""
        return self.row.key

    @property
    def start(self) -> int:
        """Return the moment at which it begins."""
        return self.row.start

    @property
    def end(self) -> int:
        """Return the moment at which it is over."""
        return self.row.start + self.activity.duration

    @property
    def day(self) -> int:
        """Return the day on which it begins."""
        return day_of(self.row.start)

    @cached_property
    def serving(self) -> tuple[str, ...]:
        """Return who serves in one of the activity's roles, as often as they are listed."""
        return tuple(person for role, ids in self.row.staff.items() if role in self.activity.role_of for person in ids)


@dataclass(frozen=True, eq=False)
class Seating:
    """The sessions of a plan that exist in the problem, each once, in a room if and only if they need one.

    What else the plan lists is for the rules to complain of: nothing can be said of where it is.
    `duties` lists a person's meetings by start, one entry for each place they fill; unknown people have none.
    """

    problem: Problem
    plan: Plan
    meetings: Mapping[SessionKey, Meeting]
    series: Mapping[str, tuple[Meeting, ...]]
    duties: Mapping[str, tuple[Meeting, ...]]
    rooms: Mapping[str, tuple[Meeting, ...]]
    groups: Mapping[str, tuple[Meeting, ...]]


def exists(problem: Problem, row: PlannedSession) -> bool:
    """Say whether the problem has such a session."""
    activity = problem.activity_of.get(row.activity)
    return activity is not None and 0 <= row.index < activity.sessions


def is_housed(problem: Problem, row: PlannedSession) -> bool:
    """Say whether an existing session has a room of the problem if it needs one, and none otherwise."""
    if problem.activity_of[row.activity].needs_room:
        return row.room in problem.room_of
    return row.room is None


@lru_cache(maxsize=4)
def seating(problem: Problem, plan: Plan) -> Seating:
    """Return the plan laid beside its problem; of a session listed twice, the first that is housed counts."""
    meetings: dict[SessionKey, Meeting] = {}
    for row in plan.sessions:
        if row.key not in meetings and exists(problem, row) and is_housed(problem, row):
            activity = problem.activity_of[row.activity]
            meetings[row.key] = Meeting(row, activity, problem.venue(activity, row.room))
    series, duties, rooms, groups = (defaultdict[str, list[Meeting]](list) for _ in range(4))
    for meeting in sorted(meetings.values(), key=lambda found: (found.start, found.end, found.key)):
        series[meeting.row.activity].append(meeting)
        for person in meeting.serving:
            if person in problem.person_of:
                duties[person].append(meeting)
        if meeting.row.room is not None:
            rooms[meeting.row.room].append(meeting)
        for group in meeting.activity.groups:
            groups[group].append(meeting)
    by_index = {name: tuple(sorted(found, key=lambda meeting: meeting.row.index)) for name, found in series.items()}
    return Seating(problem, plan, meetings, by_index, _frozen(duties), _frozen(rooms), _frozen(groups))


def _frozen(lists: Mapping[str, list[Meeting]]) -> dict[str, tuple[Meeting, ...]]:
    return {name: tuple(found) for name, found in lists.items()}
