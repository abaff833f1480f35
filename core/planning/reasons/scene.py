"""A plan as somebody sees it who looks for a place in it: who and what stands in the way, by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.domain.errors import Message
from core.planning.model.choices import Choices, lanes
from core.planning.moments import Window, day_of, week_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Person, Problem, Role, Room
from core.planning.reasons.program_rules import ProgramRules
from core.planning.rules.base import Rule
from core.planning.search.staffing import gets_on, is_safe
from core.planning.seating import Meeting, seating


@dataclass(frozen=True)
class Obstacle:
    """Why somebody can't fill a place: `kind` is away, busy, way, day, limit, face or here; `duties` say with what."""

    kind: str
    duties: tuple[SessionKey, ...] = ()


@dataclass(frozen=True)
class Block:
    """What stands in the way of holding a session at a start.

    `kind` is pin, series (its own other sessions), tied (a relation), group, room, role (nobody for `role`), adults
    (too few for a safe session), or program (a rule of a program, in words if it has any); `by` are the sessions in the
    way. `role` may be one of a session without which this one can't be held, at the same time.
    """

    kind: str
    by: tuple[SessionKey, ...] = ()
    role: Role | None = None
    rule: Message | None = None

    @property
    def is_staff(self) -> bool:
        """Say whether people are all that is missing."""
        return self.kind in {"role", "adults"}


@dataclass(frozen=True)
class Short:
    """What is short: a session that is not held, or with a role its empty required places."""

    key: SessionKey
    role: Role | None = None
    places: int = 1


class Scene:
    """A plan laid out for questions about one session at a time, which itself never stands in its own way."""

    def __init__(self, problem: Problem, choices: Choices, plan: Plan, rules: Iterable[Rule] = ()) -> None:
        self.problem = problem
        self.program_rules = ProgramRules(problem, rules)
        self.choices = choices
        self.seating = seating(problem, plan)
        self._blocks: dict[tuple[SessionKey, int], Block] = {}
        self._alone: dict[tuple[SessionKey, int], Block] = {}

    def row(self, key: SessionKey) -> PlannedSession | None:
        """Return a session if it is held."""
        meeting = self.seating.meetings.get(key)
        return meeting.row if meeting else None

    def starts(self, key: SessionKey) -> list[int]:
        """Return the starts at which a suitable room is open at all, but for those that the series uses already."""
        activity = self.problem.activity_of[key[0]]
        used = [meeting.start for meeting in self._series(key)]
        found = {slot.start for slot in self.choices.slots(activity.id)}
        line = self.problem.frozen_before
        ahead = sorted(start for start in found if line is None or start >= line)
        return [start for start in ahead if used.count(start) < lanes(activity)]

    def skilled(self, role: Role) -> list[Person]:
        """Return who has the skill that a role asks for."""
        return [person for person in self.problem.people if role.skill is None or role.skill in person.skills]

    def free_rooms(self, key: SessionKey, start: int) -> list[str | None]:
        """Return the suitable rooms that are open and free; None alone where no room is needed."""
        activity = self.problem.activity_of[key[0]]
        if not activity.needs_room:
            return [None]
        return [room for room in sorted(self.choices.rooms(activity.id, start)) if not self.occupants(key, start, room)]

    def occupants(self, key: SessionKey, start: int, room: str) -> tuple[SessionKey, ...]:
        """Return the sessions that use a room then, turnover included."""
        end, turnover = start + self.problem.activity_of[key[0]].duration, self.problem.room_of[room].turnover
        return tuple(
            meeting.key
            for meeting in self._others(key, self.seating.rooms.get(room, ()))
            if start < meeting.end + turnover and meeting.start < end + turnover
        )

    def obstacles(
        self, key: SessionKey, start: int, venue: str | None, role: Role, person: Person
    ) -> tuple[Obstacle, ...]:
        """Return everything that keeps somebody with the skill from filling a place in a session then and there."""
        return tuple(self._met(key, start, venue, role, person))

    def is_free(self, key: SessionKey, start: int, venue: str | None, role: Role, person: Person) -> bool:
        """Say whether nothing does."""
        return next(self._met(key, start, venue, role, person), None) is None

    def partners(self, key: SessionKey) -> tuple[SessionKey, ...]:
        """Return the session, if it isn't held with those that stand or fall with it and would begin together."""
        if self.row(key) is not None:
            return (key,)
        ties = {kind: self._others_in(key, kind) for kind in ("together", "needs")}
        waiting = sorted(other for other in ties["together"] & ties["needs"] if self.row(other) is None)
        return (key, *waiting)

    def block(self, key: SessionKey, start: int) -> Block:
        """Return what stands in the way of holding the session at a start, with the rest of the plan as it is.

        What stands only in the way of people comes last, so that elsewhere they are all that is missing.
        """
        if (key, start) not in self._blocks:
            blocks = [self.block_alone(found, start) for found in self.partners(key)]
            blocks.sort(key=lambda block: (block.kind == "program", block.is_staff))
            self._blocks[key, start] = blocks[0]
        return self._blocks[key, start]

    def block_alone(self, key: SessionKey, start: int) -> Block:
        """Return the same for the session alone, whoever would have to begin together with it."""
        if (key, start) not in self._alone:
            self._alone[key, start] = self._found_block(key, start)
        return self._alone[key, start]

    def _others_in(self, key: SessionKey, kind: str) -> set[SessionKey]:
        ties = [relation for relation in self.problem.relations if relation.kind == kind]
        return {tie.b for tie in ties if tie.a == key} | {tie.a for tie in ties if tie.b == key}

    def _found_block(self, key: SessionKey, start: int) -> Block:
        found = next(self._fixed_blocks(key, start), None)
        if found is not None:
            return found
        rooms = self.free_rooms(key, start)
        if not rooms:
            return Block("room", self._takers(key, start))
        activity = self.problem.activity_of[key[0]]
        venues = sorted({self.problem.venue(activity, room) for room in rooms}, key=str)
        crowds = {venue: self.group_clashes(key, start, venue) for venue in venues}
        if all(crowds.values()):
            return Block("group", crowds[venues[0]])
        return self._staff_block(key, start, [venue for venue in venues if not crowds[venue]])

    def group_clashes(self, key: SessionKey, start: int, venue: str | None) -> tuple[SessionKey, ...]:
        """Return the sessions of its groups that leave no time for it."""
        activity = self.problem.activity_of[key[0]]
        found = list[SessionKey]()
        for group in activity.groups:
            meetings = self._others(key, self.seating.groups.get(group, ()))
            for _, clashing in self._clashes(start, start + activity.duration, venue, meetings):
                found += clashing
        return tuple(dict.fromkeys(found))

    def able(self, key: SessionKey, start: int, venue: str | None, role: Role) -> list[str]:
        """Return who could fill a place in a role then and there, as far as the standard rules go."""
        people = self.choices.people(key[0], start, role.role)
        found = (self.problem.person_of[name] for name in sorted(people))
        return [person.id for person in found if self.is_free(key, start, venue, role, person)]

    def _met(self, key: SessionKey, start: int, venue: str | None, role: Role, person: Person) -> Iterator[Obstacle]:
        """Yield the obstacles, those first that are soonest found."""
        end = start + self.problem.activity_of[key[0]].duration
        if not person.is_available(start, end) or not self._would(key, venue, person):
            yield Obstacle("away")
        duties = self._others(key, self.seating.duties.get(person.id, ()))
        week = [meeting for meeting in duties if week_of(meeting.start) == week_of(start)]
        if len(duties) >= person.max_sessions or (person.max_per_week is not None and len(week) >= person.max_per_week):
            yield Obstacle("limit")
        that_day = [meeting.key for meeting in duties if meeting.day == day_of(start)]
        if len(that_day) >= person.max_per_day:
            yield Obstacle("day", tuple(that_day))
        for kind, clashing in self._clashes(start, end, venue, duties):
            yield Obstacle(kind, clashing)
        if role.max_people is not None and self._is_a_face_too_many(key, role, person, role.max_people):
            yield Obstacle("face")
        row = self.row(key)
        if row is not None and row.start == start and person.id in row.people():
            yield Obstacle("here")

    def _would(self, key: SessionKey, venue: str | None, person: Person) -> bool:
        """Say whether somebody would serve there, in that, and beside those who do; which of it isn't said."""
        row = self.row(key)
        beside = row.people() if row is not None else ()
        program = self.problem.activity_of[key[0]].program
        known = [name for name in beside if name in self.problem.person_of]
        willing = program not in person.declines and person.goes_to(venue)
        return willing and (not known or gets_on(self.problem, person.id, known))

    def _series(self, key: SessionKey) -> list[Meeting]:
        return self._others(key, self.seating.series.get(key[0], ()))

    def _others(self, key: SessionKey, meetings: Iterable[Meeting]) -> list[Meeting]:
        return [meeting for meeting in meetings if meeting.key != key]

    def _clashes(
        self, start: int, end: int, venue: str | None, meetings: Iterable[Meeting]
    ) -> Iterator[tuple[str, tuple[SessionKey, ...]]]:
        """Yield the meetings at the same time as busy, and those too far away to come from or go to as way."""
        busy, way = list[SessionKey](), list[SessionKey]()
        for meeting in meetings:
            gap = max(start - meeting.end, meeting.start - end)
            if gap < 0:
                busy.append(meeting.key)
            elif gap < self.problem.travel.between(venue, meeting.venue):
                way.append(meeting.key)
        yield from ((kind, tuple(found)) for kind, found in (("busy", busy), ("way", way)) if found)

    def _is_a_face_too_many(self, key: SessionKey, role: Role, person: Person, most: int) -> bool:
        line = self.problem.frozen_before
        rows = [meeting.row for meeting in self._series(key) if line is None or meeting.start >= line]
        own = self.row(key)
        faces = {name for row in [*rows, *([own] if own else [])] for name in row.staff.get(role.role, ())}
        return person.id not in faces and len(faces) >= most

    def _fixed_blocks(self, key: SessionKey, start: int) -> Iterator[Block]:
        """Yield what its pin, the series itself, its order, and relations have against a start."""
        activity, day = self.problem.activity_of[key[0]], day_of(start)
        if any(pin.key == key and pin.start not in {None, start} for pin in self.problem.pins):
            yield Block("pin", (key,))
        same_day = tuple(meeting.key for meeting in self._series(key) if meeting.day == day)
        if len(same_day) >= (1 if activity.ordered else activity.max_per_day):
            yield Block("series", same_day)
        if activity.ordered and self.row(key) is not None:
            wrong = [
                meeting.key for meeting in self._series(key) if (meeting.row.index < key[1]) != (meeting.day < day)
            ]
            if wrong:
                yield Block("series", tuple(wrong))
        tied = tuple(self._tied(activity, key, start))
        if tied:
            yield Block("tied", tied)

    def _tied(self, activity: Activity, key: SessionKey, start: int) -> Iterator[SessionKey]:
        """Yield the sessions whose relation to this one forbids the start, or without which it can't be held."""
        for relation in self.problem.relations:
            if key not in {relation.a, relation.b}:
                continue
            first, other = relation.a == key, relation.b if relation.a == key else relation.a
            meeting = self.seating.meetings.get(other)
            if meeting is None:
                if relation.kind == "needs" and first and other not in self.partners(key):
                    yield other
                continue
            end, gap = start + activity.duration, relation.gap
            early = meeting.start < end + gap if first else start < meeting.end + gap
            broken = {
                "together": meeting.start != start,
                "apart": meeting.day == day_of(start),
                "before": early,
            }
            if broken.get(relation.kind, False):
                yield other

    def _takers(self, key: SessionKey, start: int) -> tuple[SessionKey, ...]:
        rooms = sorted(self.choices.rooms(key[0], start))
        return tuple(dict.fromkeys(taker for room in rooms for taker in self.occupants(key, start, room)))

    def _staff_block(self, key: SessionKey, start: int, venues: list[str | None]) -> Block:
        """Return whose lack keeps the session from being held at any of the venues."""
        activity, scarce = self.problem.activity_of[key[0]], list[Role]()
        for venue in venues:
            able = {role: self.able(key, start, venue, role) for role in activity.roles}
            lacking = [role for role, people in able.items() if role.required and not people]
            places = sum(min(role.wanted, len(people)) for role, people in able.items())
            everybody = {person for people in able.values() for person in people}
            if places >= activity.min_adults and is_safe(self.problem, activity, everybody) and not lacking:
                return Block("program", rule=self._minding(key, start, venue, able))
            scarce += lacking
        return Block("role", role=scarce[0]) if scarce else Block("adults")

    def _minding(
        self, key: SessionKey, start: int, venue: str | None, able: Mapping[Role, list[str]]
    ) -> Message | None:
        """Return in words which program's rule minds the session there, whoever of those who could serves in it."""
        activity = self.problem.activity_of[key[0]]
        rooms = (room for room in self.free_rooms(key, start) if self.problem.venue(activity, room) == venue)
        staff = {role.role: tuple(people) for role, people in able.items()}
        row = PlannedSession(key[0], key[1], start, next(rooms), staff)
        return self.program_rules.minding(self.seating.plan, row)


def stretch_of(activity: Activity, start: int) -> Window:
    """Return from when to when a session of the activity lasts."""
    return start, start + activity.duration


def suits(activity: Activity, room: Room) -> bool:
    """Say whether a room is of the kind that an activity needs, however large and whenever open."""
    listed = activity.rooms is None or room.id in activity.rooms
    return listed and room.zone in activity.zones and set(activity.features) <= set(room.features)
