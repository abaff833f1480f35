"""The standard rules for the fates of a published plan's sessions."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise

from ortools.sat.python import cp_model

from core.planning.bounds.options import Fate, Option, at_once, near
from core.planning.model.variables import Linear, Literal, total
from core.planning.plan import SessionKey
from core.planning.problem import Person, Pin, Problem, Relation

#: Of two sessions and the way between them, so many can be.
_BOTH = 2


class StandardRules:
    """What the standard rules demand of sessions, as far as these aren't away."""

    def __init__(self, cp: cp_model.CpModel, problem: Problem, fates: Mapping[SessionKey, Fate]) -> None:
        self._cp = cp
        self._problem = problem
        self._fates = fates
        self._options = tuple(option for fate in fates.values() for option in fate.options)
        self._far: dict[tuple[Option, Option], Literal | None] = {}

    def add(self) -> None:
        """Add them to the model; safety and the places of roles are part of each option already."""
        self._keep_past()
        self._keep_rooms()
        self._keep_groups()
        self._keep_people()
        self._keep_faces()
        self._keep_series()
        for relation in self._problem.relations:
            self._relate(relation)
        for pin in self._problem.pins:
            self._pin(pin)

    def _keep_past(self) -> None:
        """Hold what lies behind us as it was."""
        for key, row in self._problem.frozen.items():
            self._cp.add(self._fates[key].taken == 1)
            for option in self._fates[key].options:
                for role, able in option.staff.items():
                    for person, serves in able.items():
                        self._cp.add(serves == (person in row.staff.get(role, ())))
                if row.room is not None and row.room in option.rooms:
                    self._cp.add(option.rooms[row.room] == 1)

    def _keep_rooms(self) -> None:
        """Let nothing else be in a room during a session and the turnover after it."""
        for room in self._problem.rooms:
            inside = (option for option in self._options if room.id in option.rooms)
            for here in at_once(inside, room.turnover):
                self._cp.add_at_most_one(option.rooms[room.id] for option in here)

    def _keep_groups(self) -> None:
        """Let a group be in one session at a time, with the way between two."""
        for group in self._problem.groups:
            mine = [option for option in self._options if group.id in option.activity.groups]
            self._keep_apart(mine, lambda option: option.taken)

    def _keep_people(self) -> None:
        """Let nobody be in two sessions at once or on the way, nor serve more often than they offered."""
        serving = defaultdict[str, list[Option]](list)
        for option in self._options:
            for name in option.people:
                serving[name].append(option)
        for name, mine in serving.items():
            self._keep_to_offer(self._problem.person_of[name], mine)

    def _keep_to_offer(self, person: Person, mine: list[Option]) -> None:
        def there(option: Option) -> Linear:
            return option.people[person.id]

        self._keep_apart(mine, there)
        self._bound(person.max_sessions, [there(option) for option in mine])
        for day in {option.day for option in mine}:
            self._bound(person.max_per_day, [there(option) for option in mine if option.day == day])

    def _keep_apart(self, options: list[Option], there: Callable[[Option], Linear]) -> None:
        """Let somebody who is there, if it is so, be nowhere else at that time, nor farther away than they get."""
        for here in at_once(options):
            self._bound(1, [there(option) for option in here])
        for one, other in near(self._problem, options):
            far = self._too_far(one, other)
            if far is not None:
                self._bound(_BOTH, [there(one), there(other), far])

    def _bound(self, most: int, terms: list[Linear]) -> None:
        if len(terms) > most:
            self._cp.add(total(terms) <= most)

    def _keep_faces(self) -> None:
        """Let no more people be in a role over a series than it allows; the past doesn't count."""
        faces: dict[tuple[str, str], dict[str, Literal]] = defaultdict(dict)
        for option in self._options:
            for role in option.activity.roles if option.key not in self._problem.frozen else ():
                found = faces[option.key[0], role.role]
                for person, serves in option.staff[role.role].items() if role.max_people is not None else ():
                    if person not in found:
                        found[person] = self._cp.new_bool_var(f"{person} {role.role} {option.key[0]}")
                    self._cp.add_implication(serves, found[person])
        for (activity, named), found in faces.items():
            most = self._problem.activity_of[activity].role_of[named].max_people or 0
            self._bound(most, list(found.values()))

    def _keep_series(self) -> None:
        """Hold no more sessions of an activity on a day than it allows, and courses in their order."""
        for activity in self._problem.activities:
            mine = [self._fates[activity.id, index] for index in range(activity.sessions)]
            options = [option for fate in mine for option in fate.options]
            for day in {option.day for option in options}:
                self._bound(activity.max_per_day, [option.taken for option in options if option.day == day])
            for before, after in pairwise(mine) if activity.ordered else ():
                self._cp.add_implication(before.given_up, after.given_up)
                self._exclude(before, after, lambda one, other: one.day >= other.day)

    def _relate(self, relation: Relation) -> None:
        """Keep two sessions as a relation wants them, where neither is away."""
        one, other = self._fates[relation.a], self._fates[relation.b]
        if relation.kind == "needs":
            self._cp.add_implication(other.given_up, one.given_up)
        elif relation.kind == "together":
            self._exclude(one, other, lambda a, b: a.start != b.start)
        elif relation.kind == "before":
            self._exclude(one, other, lambda a, b: b.start < a.end + relation.gap)
        elif relation.kind == "apart":
            self._exclude(one, other, lambda a, b: a.day == b.day)
        else:
            self._same_venue(one, other)

    def _exclude(self, one: Fate, other: Fate, clash: Callable[[Option, Option], bool]) -> None:
        """Let no two options be taken that clash."""
        for option in one.options:
            clashing = [found.taken for found in other.options if clash(option, found)]
            if clashing:
                self._bound(1, [option.taken, *clashing])

    def _same_venue(self, one: Fate, other: Fate) -> None:
        there = defaultdict[str | None, list[Linear]](list)
        for option in other.options:
            for venue, at in option.venues(self._problem).items():
                there[venue].append(at)
        for option in one.options:
            for venue, at in option.venues(self._problem).items():
                self._cp.add(at + other.taken <= 1 + total(there[venue]))

    def _pin(self, pin: Pin) -> None:
        """Keep what the organizer has fixed."""
        fate = self._fates[pin.key]
        self._cp.add(fate.given_up == 0)
        for option in fate.options:
            if pin.start not in {None, option.start} or (pin.room is not None and pin.room not in option.rooms):
                self._cp.add(option.taken == 0)
            elif pin.room is not None:
                self._cp.add_implication(option.taken, option.rooms[pin.room])
            for role, ids in pin.staff.items():
                for person in ids:
                    self._cp.add(option.taken <= option.staff[role].get(person, 0))

    def _too_far(self, one: Option, other: Option) -> Literal | None:
        """Return whether the way from one session to the other is longer than the time between; None if it never is."""
        if (one, other) not in self._far:
            gap, travel = other.start - one.end, self._problem.travel
            here, there = one.venues(self._problem), other.venues(self._problem)
            pairs = [(a, b) for a in here for b in there if travel.between(a, b) > gap]
            far = self._far[one, other] = self._cp.new_bool_var("too far") if pairs else None
            for a, b in pairs:
                self._cp.add(here[a] + there[b] - 1 <= far)
        return self._far[one, other]
