"""A plan in the making: who and what is taken when, kept up to date session by session for cheap questions."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from core.planning.model.choices import Choices
from core.planning.moments import day_of, week_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Problem

#: A stretch that somebody or something is taken for, and the venue.
_Span = tuple[int, int, str | None]


class Ledger:
    """The sessions placed so far. It answers whether people, groups and rooms are free; it doesn't enforce anything."""

    def __init__(self, problem: Problem, choices: Choices) -> None:
        self.problem = problem
        self.choices = choices
        self.rows: dict[SessionKey, PlannedSession] = {}
        self.series = defaultdict[str, dict[int, PlannedSession]](dict)
        self.load: Counter[str] = Counter()
        self._per_day: Counter[tuple[str, int]] = Counter()
        self._per_week: Counter[tuple[str, int]] = Counter()
        self._people = defaultdict[str, list[_Span]](list)
        self._groups = defaultdict[str, list[_Span]](list)
        self._rooms = defaultdict[str, list[_Span]](list)

    def plan(self) -> Plan:
        """Return the sessions placed so far as a plan."""
        return Plan(self.problem.name, tuple(self.rows[key] for key in sorted(self.rows)))

    def put(self, row: PlannedSession) -> None:
        """Place a session that is not placed yet."""
        activity, span = self._span(row)
        self.rows[row.key] = row
        self.series[row.activity][row.index] = row
        if row.room is not None:
            self._rooms[row.room].append(span)
        for group in activity.groups:
            self._groups[group].append(span)
        for person in row.people():
            self._people[person].append(span)
            self.load[person] += 1
            self._per_day[person, day_of(row.start)] += 1
            self._per_week[person, week_of(row.start)] += 1

    def take(self, key: SessionKey) -> PlannedSession:
        """Take a placed session out again and return it."""
        row = self.rows.pop(key)
        del self.series[row.activity][row.index]
        activity, span = self._span(row)
        if row.room is not None:
            self._rooms[row.room].remove(span)
        for group in activity.groups:
            self._groups[group].remove(span)
        for person in row.people():
            self._people[person].remove(span)
            self.load[person] -= 1
            self._per_day[person, day_of(row.start)] -= 1
            self._per_week[person, week_of(row.start)] -= 1
        return row

    def serves_on(self, person: str, day: int) -> bool:
        """Say whether somebody comes on that day anyway."""
        return self._per_day[person, day] > 0

    def room_is_free(self, room: str, start: int, end: int) -> bool:
        """Say whether nothing is in the room then, turnover included."""
        turnover = self.problem.room_of[room].turnover
        return all(end + turnover <= low or high + turnover <= start for low, high, _ in self._rooms[room])

    def groups_are_free(self, activity: Activity, start: int, venue: str | None) -> bool:
        """Say whether all groups of the activity could attend a session at that start and venue."""
        end = start + activity.duration
        return all(self._reaches(self._groups[group], start, end, venue) for group in activity.groups)

    def can_serve(self, person: str, start: int, end: int, venue: str | None) -> bool:
        """Say whether somebody could take on a session more, then and there; skill and hours are the choices' word."""
        who = self.problem.person_of[person]
        return (
            self.load[person] < who.max_sessions
            and self._per_day[person, day_of(start)] < who.max_per_day
            and (who.max_per_week is None or self._per_week[person, week_of(start)] < who.max_per_week)
            and who.goes_to(venue)
            and self.reaches(person, start, end, venue)
        )

    def reaches(self, person: str, start: int, end: int, venue: str | None) -> bool:
        """Say whether somebody serves nowhere else then, and has the time to come and go."""
        return self._reaches(self._people[person], start, end, venue)

    def rooms_for(self, activity: Activity, start: int) -> Sequence[str | None]:
        """Return the rooms that are left and free for a session at that start; None alone where no room is needed."""
        if not activity.needs_room:
            return [None]
        end = start + activity.duration
        left = self.choices.rooms(activity.id, start)
        return sorted(room for room in left if self.room_is_free(room, start, end))

    def _reaches(self, spans: list[_Span], start: int, end: int, venue: str | None) -> bool:
        between = self.problem.travel.between
        for low, high, there in spans:
            if start < high and low < end:
                return False
            gap = start - high if high <= start else low - end
            if gap < self.problem.travel.farthest and gap < between(venue, there):
                return False
        return True

    def _span(self, row: PlannedSession) -> tuple[Activity, _Span]:
        activity = self.problem.activity_of[row.activity]
        return activity, (row.start, row.start + activity.duration, self.problem.venue(activity, row.room))
