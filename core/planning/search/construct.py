"""A first plan, fast: units of sessions are placed one after another where they fit, with people in mind."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from core.planning.model.choices import Choices
from core.planning.moments import clock_of, day_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Pin, Problem, Relation
from core.planning.rules.base import Rule
from core.planning.search.ledger import Ledger
from core.planning.search.modelling import Task
from core.planning.search.order import sequence
from core.planning.search.staffing import Recruiter
from core.planning.units import units

#: How much less pressing a day's delay is for sessions that may be held in any order.
_DAY_IN_ORDER, _DAY = 3.0, 0.1

#: After so many rooms in which a program minds a start, it is taken to mind the start itself.
_HINTS = 2

#: How many ways to hold one session of a unit are tried before the unit is left out.
_PATIENCE = 300


class Constructor:
    """Places sessions into a ledger. What it places keeps the standard rules, but for pins that it could not keep.

    Rules of programs are asked before a session is placed, with the sessions of its own program.
    """

    def __init__(self, problem: Problem, choices: Choices, rng: random.Random, programs: Iterable[Rule] = ()) -> None:
        self.problem = problem
        self._programs = tuple(programs)
        self.ledger = Ledger(problem, choices)
        self.recruiter = Recruiter(self.ledger, rng)
        self._rng = rng
        self._pins = {pin.key: pin for pin in problem.pins}
        self._relations = defaultdict[SessionKey, list[Relation]](list)
        for relation in problem.relations:
            self._relations[relation.a].append(relation)
            self._relations[relation.b].append(relation)

    def keep(self, rows: Iterable[PlannedSession]) -> None:
        """Place sessions as they are, without asking."""
        for row in rows:
            self.ledger.put(row)

    def keep_what_fits(self, rows: Iterable[PlannedSession]) -> None:
        """Place published sessions at their start, with as much of their room and staff as still fits.

        Sessions that need no new people come first, so that the others are staffed with those who are left.
        """
        waiting = [row for row in rows if not self._keep(row, recruit=False)]
        for row in waiting:
            self._keep(row, recruit=True)

    def _keep(self, row: PlannedSession, *, recruit: bool) -> bool:
        key, activity = row.key, self.problem.activity_of.get(row.activity)
        if activity is None or row.index >= activity.sessions or key in self.ledger.rows:
            return True
        options = list(self._options(key, activity, Pin(row.activity, row.index, row.start)))
        for start, room in sorted(options, key=lambda option: option[1] != row.room):
            venue = self.problem.venue(activity, room)
            staff = self._remaining(row, activity, venue)
            if recruit:
                found = self.recruiter.staff(activity, start, venue, staff)
            else:
                found = staff if room == row.room and self.recruiter.is_allowed(activity, staff) else None
            if found is not None:
                self.ledger.put(PlannedSession(row.activity, row.index, start, room, found))
                return True
        return False

    def _remaining(self, row: PlannedSession, activity: Activity, venue: str | None) -> dict[str, tuple[str, ...]]:
        """Return the staff of a published session who can still serve in it."""
        left = {}
        for role in activity.roles:
            able = self.ledger.choices.people(activity.id, row.start, role.role)
            end = row.start + activity.duration
            then = [person for person in row.staff.get(role.role, ()) if person in able][: role.wanted]
            left[role.role] = tuple(person for person in then if self.ledger.can_serve(person, row.start, end, venue))
        return left

    def place(self, unit: tuple[SessionKey, ...]) -> bool:
        """Place all sessions of a unit or none; say whether it worked."""
        return self._place([key for key in unit if key not in self.ledger.rows], Counter())

    def _place(self, missing: list[SessionKey], tried: Counter[SessionKey]) -> bool:
        if not missing:
            return True
        for row in self._ways(missing[0]):
            tried[row.key] += 1
            if tried[row.key] > _PATIENCE:
                return False
            self.ledger.put(row)
            if self._place(missing[1:], tried):
                return True
            self.ledger.take(row.key)
        return False

    def top_up(self, *, wanted: bool, untouched: Iterable[SessionKey] = ()) -> None:
        """Fill the empty places of held sessions."""
        keys = sorted(self.ledger.rows.keys() - set(untouched), key=lambda key: (self.ledger.rows[key].start, key))
        for key in keys:
            fuller = self.recruiter.top_up(self.ledger.rows[key], wanted=wanted)
            self.ledger.take(key)
            self.ledger.put(fuller)

    def _ways(self, key: SessionKey) -> Iterator[PlannedSession]:
        """Yield ways to hold a session: those with all required staff, then the one that lacks fewest."""
        activity = self.problem.activity_of[key[0]]
        pin = self._pins.get(key, Pin(*key))
        best, fewest = None, 1 + sum(role.required for role in activity.roles)
        minded = Counter[int]()
        for start, room in self._options(key, activity, pin):
            if minded[start] >= _HINTS:
                continue
            staff = self.recruiter.staff(activity, start, self.problem.venue(activity, room), pin.staff)
            if staff is None:
                continue
            lacking = sum(max(0, role.required - len(staff[role.role])) for role in activity.roles)
            row = PlannedSession(key[0], key[1], start, room, staff)
            if lacking >= fewest:
                continue
            if not self._suits_program(row):
                # A program's rule may ask for more people than are required: those who are wanted.
                row = self.recruiter.top_up(row, wanted=True)
                if not self._suits_program(row):
                    minded[start] += 1
                    continue
            if not lacking:
                yield row
            else:
                best, fewest = row, lacking
        if best is not None:
            yield best

    def _suits_program(self, row: PlannedSession) -> bool:
        """Say whether no program's own rule minds the session beside those of its program."""
        if not self._programs:
            return True
        program = self.problem.activity_of[row.activity].program
        beside = (
            other for other in self.ledger.rows.values() if self.problem.activity_of[other.activity].program == program
        )
        plan = Plan(self.problem.name, (*beside, row))
        return not any(True for rule in self._programs for _ in rule.breaches(self.problem, plan))

    def _options(self, key: SessionKey, activity: Activity, pin: Pin) -> Iterator[tuple[int, str | None]]:
        """Yield starts and rooms that are free for a session and its groups, the most suitable first."""
        series = self.ledger.series[activity.id].values()
        clocks, used = {clock_of(row.start) for row in series}, {row.room for row in series}
        per_day = _DAY_IN_ORDER if activity.ordered else _DAY
        found: list[tuple[float, int, str | None]] = []
        starts = self._starts(key, activity, pin)
        first = day_of(min(starts, default=0))
        for start in starts:
            price = per_day * (day_of(start) - first) + (bool(clocks) and clock_of(start) not in clocks) * 10
            price += self._rng.random() * per_day
            for room in self.ledger.rooms_for(activity, start):
                if pin.room in {None, room} and self._suits(key, activity, start, room):
                    size = 0 if room is None else self.problem.room_of[room].capacity
                    found.append((price + (bool(used) and room not in used) * 20 + size / 100, start, room))
        for _, start, room in sorted(found, key=lambda option: (option[0], option[1], option[2] or "")):
            yield start, room

    def _starts(self, key: SessionKey, activity: Activity, pin: Pin) -> list[int]:
        """Return the starts that are left by the pin, the order and the number of sessions on a day."""
        starts = [start for start in self.ledger.choices.starts(activity.id) if pin.start in {None, start}]
        series = self.ledger.series[activity.id]
        days = [day_of(row.start) for row in series.values()]
        if activity.ordered:
            low = max((day_of(row.start) for index, row in series.items() if index < key[1]), default=-1)
            later = [index for index in series if index > key[1]]
            high = day_of(series[min(later)].start) if later else None
            starts = [start for start in starts if low < day_of(start) and (high is None or day_of(start) < high)]
            starts = _leaving_room(starts, (min(later) if later else activity.sessions) - key[1] - 1)
        return [start for start in starts if days.count(day_of(start)) < activity.max_per_day]

    def _suits(self, key: SessionKey, activity: Activity, start: int, room: str | None) -> bool:
        venue = self.problem.venue(activity, room)
        if not self.ledger.groups_are_free(activity, start, venue):
            return False
        row = PlannedSession(key[0], key[1], start, room)
        return all(self._holds(relation, row) for relation in self._relations[key])

    def _holds(self, relation: Relation, row: PlannedSession) -> bool:
        """Say whether a relation would hold between a session and the other one, as far as that one is placed."""
        a = row if relation.a == row.key else self.ledger.rows.get(relation.a)
        b = row if relation.b == row.key else self.ledger.rows.get(relation.b)
        if a is None or b is None:
            return True
        activity_a, activity_b = self.problem.activity_of[a.activity], self.problem.activity_of[b.activity]
        checks: Mapping[str, Callable[[], bool]] = {
            "together": lambda: a.start == b.start,
            "same_venue": lambda: self.problem.venue(activity_a, a.room) == self.problem.venue(activity_b, b.room),
            "before": lambda: a.start + activity_a.duration + relation.gap <= b.start,
            "apart": lambda: day_of(a.start) != day_of(b.start),
            "needs": lambda: True,
        }
        return checks[relation.kind]()


def _leaving_room(starts: list[int], sessions: int) -> list[int]:
    """Return the starts after which there are days enough for that many sessions more; all if none leaves enough."""
    days = sorted({day_of(start) for start in starts})
    last = days[-1 - sessions] if sessions < len(days) else None
    return [start for start in starts if last is None or day_of(start) <= last]


def construct(
    task: Task,
    seed: int,
    kept: Plan | None = None,
    order: Iterable[SessionKey] = (),
    loose: Collection[str] = (),
) -> Plan:
    """Return a plan made by first fit around sessions that are kept as they are; units of `order` are placed first.

    Published sessions stay where they fit, but for those of the activities in `loose`, which find a place anew.

    It keeps the standard rules but may miss a pin, or hold a pinned session of a course without the ones before. Rules
    of programs are kept as far as they concern one program. Places that are wanted and not required are left empty.
    """
    problem, choices = task.problem, task.choices
    rng = random.Random(seed)  # noqa: S311 - no secret hangs on it
    maker = Constructor(problem, choices, rng, task.program_rules)
    maker.keep(problem.frozen.values())
    maker.keep(row for row in (kept.sessions if kept else ()) if row.key not in problem.frozen)
    published = (row for row in problem.incumbent_of.values() if row.activity not in loose)
    maker.keep_what_fits(sorted(published, key=lambda row: row.key))
    missing = [unit for unit in units(problem) if not maker.ledger.rows.keys() >= set(unit)]
    for unit in sequence(problem, choices, missing, rng, tuple(order)):
        maker.place(unit)
    _drop_torn(problem, maker.ledger)
    maker.top_up(wanted=False, untouched=problem.frozen)
    return maker.ledger.plan()


def fill_wanted(problem: Problem, choices: Choices, plan: Plan) -> Plan:
    """Return the plan with wanted places filled where that is worth it."""
    maker = Constructor(problem, choices, random.Random(0))  # noqa: S311 - nothing is drawn
    maker.keep(plan.sessions)
    maker.top_up(wanted=True, untouched=problem.frozen)
    return maker.ledger.plan()


def _drop_torn(problem: Problem, ledger: Ledger) -> None:
    """Take out what can't be held without a session that isn't: later sessions of a course, and those that need it."""
    while True:
        without = {
            key
            for key in ledger.rows
            if problem.activity_of[key[0]].ordered and key[1] and (key[0], key[1] - 1) not in ledger.rows
        }
        alone = {
            relation.a
            for relation in problem.relations
            if relation.kind == "needs" and relation.a in ledger.rows and relation.b not in ledger.rows
        }
        torn = (without | alone) - problem.frozen.keys()
        if not torn:
            return
        for key in torn:
            ledger.take(key)
