"""What was announced and can still be held when and where it was: found first, then pinned while staff are planned."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from core.planning.anneal.crew import Crew
from core.planning.moments import day_of
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Pin, Problem
from core.planning.search.modelling import Task
from core.planning.search.neighbourhoods import at_fixed_times
from core.planning.seating import exists

#: A day on which something could not be kept is solved exactly in at most so many seconds, and this share of the run.
_DAY_SECONDS, _DAY_SHARE = 5.0, 0.1
#: What these rules say hangs on sessions that are placed later, or is dealt with by itself.
_OF_THE_WHOLE = frozenset({"in_order", "not_without_the_other", "pins_kept"})

_Rows = Mapping[SessionKey, PlannedSession]


@dataclass(frozen=True)
class Announced:
    """What keeps its start and room, staffed anew so that it is safe: `plan`, with the past; `task` has it pinned."""

    task: Task
    plan: Plan


def announced(task: Task, left: Callable[[], float]) -> Announced:
    """Return what can be held at its announced start and in its announced room; `left` says how many seconds remain.

    As many sessions are kept as can be safe at once: on each day on which one seems not to be, staff are planned
    exactly, with people's duties on other days as they are. What is pinned otherwise, has too small a room or a closed
    one, or comes after a session of its course that no longer fits before it, is not kept.
    """
    problem = task.problem
    wanted = {row.key: row for row in problem.incumbent_of.values() if _could_be_kept(task, row)}
    kept = _without_breaches(task, _at_once(task, wanted))
    for day in sorted({day_of(row.start) for key, row in wanted.items() if key not in kept}):
        kept = _exactly(task, wanted, kept, day, min(_DAY_SECONDS, _DAY_SHARE * left()))
    return _pinned(task, _with_gaps_to_fill(problem, kept))


def without_pins(found: Announced, problem: Problem, clash: Iterable[int]) -> Announced | None:
    """Return what is announced without the last of its pins in a clash; None if none of them is in it."""
    ours = [found.task.problem.pins[at] for at in clash if at >= len(problem.pins)]
    if not ours:
        return None
    last = max(ours, key=lambda pin: (pin.start or 0, pin.key))
    kept = {row.key: row for row in found.plan.sessions if row.key != last.key}
    return _pinned(replace(found.task, problem=problem), kept)


def _could_be_kept(task: Task, row: PlannedSession) -> bool:
    """Say whether a published session's start and room are allowed still, whoever is to serve."""
    problem = task.problem
    if row.key in problem.frozen:
        return True
    if not exists(problem, row) or row.start not in task.choices.starts(row.activity):
        return False
    if problem.frozen_before is not None and row.start < problem.frozen_before:
        return False
    rooms = task.choices.rooms(row.activity, row.start)
    if (row.room not in rooms) if problem.activity_of[row.activity].needs_room else (row.room is not None):
        return False
    mine = [pin for pin in problem.pins if pin.key == row.key]
    return all(pin.start in {None, row.start} and pin.room in {None, row.room} for pin in mine)


def _at_once(task: Task, wanted: _Rows) -> _Rows:
    """Return what a walker keeps of it, each session with those of its staff who can come and whoever else is found."""
    incumbent = Plan(task.problem.name, tuple(wanted.values()))
    crew = Crew(replace(task.problem, incumbent=incumbent), task.weights, task.program_rules, 1, seed=task.seed)
    return {row.key: row for row in crew.keep().sessions}


def _without_breaches(task: Task, kept: _Rows) -> _Rows:
    """Return the rows without those that break rules with others."""
    frozen = task.problem.frozen
    while True:
        breaches = task.audit(Plan(task.problem.name, tuple(kept.values()))).breaches
        named = [breach.sessions for breach in breaches if breach.rule not in _OF_THE_WHOLE]
        gone = {
            max(keys) for sessions in named if (keys := [key for key in sessions if key in kept and key not in frozen])
        }
        if not gone:
            return kept
        kept = {key: row for key, row in kept.items() if key not in gone}


def _exactly(task: Task, wanted: _Rows, kept: _Rows, day: int, seconds: float) -> _Rows:
    """Return the rows with as many of one day as can be held at once; everything else stays as it is."""
    today = {key: row for key, row in wanted.items() if day_of(row.start) == day}
    names = sorted({name for name, _ in today})
    rows = {key: row for key, row in {**wanted, **kept}.items() if key in kept or key in today}
    plan = Plan(task.problem.name, tuple(rows.values()))
    staffing = replace(task, rules=tuple(rule for rule in task.rules if rule.name != "pins_kept"), preferences=())
    choices = at_fixed_times(staffing, plan, names)
    for row in rows.values():
        if row.activity in names and day_of(row.start) != day:
            for role in task.problem.activity_of[row.activity].roles:
                choices.keep_people(row.activity, row.staff.get(role.role, ()), role.role, row.start)
    before = Plan(task.problem.name, tuple(kept.values()))
    model = staffing.model(choices, before, penalties=False)
    for name in model.activities:
        missing = task.problem.activity_of[name].sessions - model.variables.held_count(name)
        model.penalize("unscheduled", 1, missing)
    answer = model.solve(seconds=seconds, seed=task.seed, workers=task.workers, hint=before)
    if answer.plan is None or len(answer.plan.sessions) <= len(kept):
        return kept
    number = {(row.activity, row.start, row.room): row.index for row in rows.values()}
    found = (replace(row, index=number[row.activity, row.start, row.room]) for row in answer.plan.sessions)
    return _without_breaches(task, {row.key: row for row in found})


def _with_gaps_to_fill(problem: Problem, kept: _Rows) -> _Rows:
    """Return the rows without those of courses before which the missing ones could not be held on days of their own."""
    gone = set[SessionKey]()
    for activity in problem.activities:
        if activity.ordered:
            gone |= set(_stranded(problem, activity, kept))
    return {key: row for key, row in kept.items() if key not in gone}


def _stranded(problem: Problem, activity: Activity, kept: _Rows) -> Iterable[SessionKey]:
    line = problem.frozen_before
    days = {day_of(start) for start in activity.starts if line is None or start >= line}
    missing, last = 0, -1
    for index in range(activity.sessions):
        row = kept.get((activity.id, index))
        if row is None:
            missing += 1
        elif row.key not in problem.frozen and sum(last < day < day_of(row.start) for day in days) < missing:
            missing += 1
            yield row.key
        else:
            missing, last = 0, day_of(row.start)


def _pinned(task: Task, kept: _Rows) -> Announced:
    """Return the task with the rows pinned to their starts and rooms, behind the pins there are."""
    problem = task.problem
    ours = tuple(Pin(*key, start=row.start, room=row.room) for key, row in kept.items() if key not in problem.frozen)
    pinned = replace(problem, pins=(*problem.pins, *ours))
    rows = tuple(kept[key] for key in sorted(kept))
    return Announced(replace(task, problem=pinned), Plan(problem.name, rows))
