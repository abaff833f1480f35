"""The sessions that a model holds fixed while it decides on the others."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from core.planning.moments import day_of, week_of
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Problem
from core.planning.seating import Meeting, seating


class Background:
    """A plan of the other activities, which stays as it is; all its sessions must exist in the problem."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.seating = seating(problem, plan)
        self._by_start = sorted(self.seating.meetings.values(), key=lambda meeting: meeting.start)
        self._starts = [meeting.start for meeting in self._by_start]
        self._longest = max((activity.duration for activity in problem.activities), default=0)
        self._per_week = Counter(
            (person, week_of(meeting.start)) for person, met in self.seating.duties.items() for meeting in met
        )
        self._per_day = Counter((person, meeting.day) for person, met in self.seating.duties.items() for meeting in met)

    def near(self, start: int, end: int, reach: int) -> Iterator[Meeting]:
        """Yield the meetings with less than `reach` minutes between them and the stretch, or within it."""
        low = bisect_left(self._starts, start - reach - self._longest)
        for meeting in self._by_start[low : bisect_left(self._starts, end + reach)]:
            if meeting.end + reach > start:
                yield meeting

    def meeting(self, key: SessionKey) -> Meeting | None:
        """Return a session if it is held here."""
        return self.seating.meetings.get(key)

    def load(self, person: str) -> int:
        """Return how many sessions somebody serves in."""
        return len(self.seating.duties.get(person, ()))

    def load_on(self, person: str, day: int) -> int:
        """Return how many sessions of a day somebody serves in."""
        return self._per_day[person, day]

    def load_in_week(self, person: str, week: int) -> int:
        """Return how many sessions of a week somebody serves in."""
        return self._per_week[person, week]

    def of_group(self, group: str) -> tuple[Meeting, ...]:
        """Return the meetings of a group, by start."""
        return self.seating.groups.get(group, ())

    def days(self, person: str) -> set[int]:
        """Return the days on which somebody serves."""
        return {day_of(meeting.start) for meeting in self.seating.duties.get(person, ())}
