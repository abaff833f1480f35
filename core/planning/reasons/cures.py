"""Small changes to a problem that might cure a shortage, each tried by solving again around the rest of the plan."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from time import monotonic

from core.domain.errors import Message
from core.planning.moments import MINUTES_A_DAY
from core.planning.plan import Plan
from core.planning.problem import Activity, Person, Problem, Role, Room
from core.planning.search.modelling import Task
from core.planning.search.units import family_of

#: Only what is short counts here; what else a plan costs doesn't, so that the solver is soon done.
_WEIGHTS = {"unscheduled": 1000, "required": 1}

#: How long one change is tried; what needs longer is no small change.
_TRY_SECONDS = 4.0

#: The id of a person or room that there isn't yet.
_NEW = "(new)"

#: How many people at the limit of their offer are asked for one session more, one at a time.
_ASKED = 4

#: How many volunteers more are thought of at most.
_CROWD = 6


@dataclass(frozen=True)
class Change:
    """A changed problem and what to say of it if it cures; a last resort is tried only if nothing else did."""

    problem: Problem
    said: Message
    last_resort: bool = False


@dataclass(frozen=True)
class Findings:
    """Which changes cure a shortage; `verified` if it was proved to remain without any."""

    cures: tuple[Message, ...]
    verified: bool


def cures(task: Task, plan: Plan, activity: Activity, role: Role | None, seconds: float) -> Findings:
    """Try the changes one at a time while there is time. Only the activity and those tied to it are decided again."""
    deadline = monotonic() + seconds
    before, proved = _short(task, plan, activity, deadline - monotonic())
    if before < _short_now(plan, activity):
        again = Message("Planning %(activity)s again, the rest unchanged, would fill more.", {"activity": activity.id})
        return Findings((again,), verified=True)

    def cured(change: Change) -> bool:
        changed = replace(task, problem=change.problem)
        return _short(changed, plan, activity, deadline - monotonic())[0] < before

    found = list[Message]()
    for change in chain(_changes(task.problem, plan, activity, role), _more_volunteers(task.problem, activity)):
        if monotonic() >= deadline:
            return Findings(tuple(found), verified=False)
        if change.last_resort and found:
            break
        if cured(change):
            found.append(change.said)
    return Findings(tuple(found), verified=proved)


def _short(task: Task, plan: Plan, activity: Activity, seconds: float) -> tuple[int, bool]:
    """Return how short the activity is at best with the rest of the plan unchanged, and whether that is proved."""
    weights = {**_WEIGHTS, **{name: 0 for name in task.problem.weights if name == "overflow"}}
    part = replace(task, problem=replace(task.problem, weights=weights))
    answer = part.model(part.free(family_of(task.problem, activity.id)), plan).solve(
        seconds=min(seconds, _TRY_SECONDS), seed=task.seed, workers=task.workers, hint=plan
    )
    if answer.plan is None:
        return _short_now(plan, activity), False
    return _short_now(answer.plan, activity), answer.optimal


def _short_now(plan: Plan, activity: Activity) -> int:
    """Return how short the activity is in a plan: sessions left out count above all, then empty required places."""
    rows = [row for row in plan.sessions if row.activity == activity.id]
    empty = sum(max(0, role.required - len(row.staff.get(role.role, ()))) for row in rows for role in activity.roles)
    return _WEIGHTS["unscheduled"] * (activity.sessions - len(rows)) + _WEIGHTS["required"] * empty


def _changes(problem: Problem, plan: Plan, activity: Activity, role: Role | None) -> Iterator[Change]:
    """Yield the changes that are worth trying, the smallest first."""
    yield from _asked_for_more(problem, plan, activity, role)
    for found in [role] if role is not None else activity.roles:
        yield _volunteer(problem, activity, found)
        if found.max_people is not None:
            yield _one_face_more(problem, activity, found)
    if role is None and activity.needs_room:
        yield _room(problem, activity)
    yield _other_starts(problem, activity)


def _asked_for_more(problem: Problem, plan: Plan, activity: Activity, role: Role | None) -> Iterator[Change]:
    """Yield the problem with one session more for each of a few people who could serve and have reached their limit."""
    skills = {found.skill for found in activity.roles if role in {None, found}}
    able = [person for person in problem.people if None in skills or not skills.isdisjoint(person.skills)]
    there = [person for person in able if _could_come(person, activity)]
    for person in [found for found in there if _is_full(plan, found)][:_ASKED]:
        more = replace(person, max_sessions=person.max_sessions + 1, max_per_day=person.max_per_day + 1)
        people = tuple(more if found is person else found for found in problem.people)
        said = Message(
            "It would work if %(person)s served once more than offered, the rest of the plan unchanged.",
            {"person": person.id},
        )
        yield Change(replace(problem, people=people), said)


def _could_come(person: Person, activity: Activity) -> bool:
    return any(person.is_available(start, start + activity.duration) for start in activity.starts)


def _is_full(plan: Plan, person: Person) -> bool:
    days = [row.start // MINUTES_A_DAY for row in plan.sessions if person.id in row.people()]
    return len(days) >= person.max_sessions or any(days.count(day) >= person.max_per_day for day in set(days))


def _volunteer(problem: Problem, activity: Activity, role: Role) -> Change:
    """Return the problem with one adult more who has the role's skill, for one session, whenever it is."""
    hours = tuple((start, start + activity.duration) for start in activity.starts)
    person = Person(_NEW, skills=(role.skill,) if role.skill else (), available=hours)
    values = {"skill": role.skill or "", "activity": activity.id}
    if role.skill is None:
        said = Message("One volunteer more for %(activity)s would do, the rest of the plan unchanged.", values)
    else:
        said = Message("One volunteer more with %(skill)s would do, the rest of the plan unchanged.", values)
    return Change(replace(problem, people=(*problem.people, person)), said)


def _more_volunteers(problem: Problem, activity: Activity) -> Iterator[Change]:
    """Yield the problem with more and more adults who can do whatever the activity, and those tied to it, ask for."""
    family = [problem.activity_of[name] for name in family_of(problem, activity.id)]
    skills = sorted({role.skill for found in family for role in found.roles if role.skill is not None})
    hours = tuple((start, start + found.duration) for found in family for start in found.starts)
    sessions = sum(found.sessions for found in family)
    for count in range(2, _CROWD + 1):
        crowd = tuple(
            Person(f"{_NEW} {at}", skills=tuple(skills), available=hours, max_sessions=sessions, max_per_day=sessions)
            for at in range(count)
        )
        values = {"count": count, "skills": ", ".join(skills), "activity": activity.id}
        if skills:
            said = Message("%(count)s more volunteers with %(skills)s for all of %(activity)s would do.", values)
        else:
            said = Message("%(count)s more volunteers for all of %(activity)s would do.", values)
        yield Change(replace(problem, people=(*problem.people, *crowd)), said, last_resort=True)


def _one_face_more(problem: Problem, activity: Activity, role: Role) -> Change:
    roles = tuple(
        replace(found, max_people=found.max_people + 1) if found is role and found.max_people is not None else found
        for found in activity.roles
    )
    values = {"role": role.role, "activity": activity.id}
    said = Message("It would work with one more person as %(role)s of %(activity)s over the series.", values)
    return Change(_with_activity(problem, replace(activity, roles=roles)), said)


def _room(problem: Problem, activity: Activity) -> Change:
    """Return the problem with one room more that suits the activity, in the venue where most such rooms are."""
    hours = tuple((start, start + activity.duration) for start in activity.starts)
    alike = [room.venue for room in problem.rooms if room.zone in activity.zones]
    venue = max(sorted(set(alike)), key=alike.count) if alike else problem.rooms[0].venue if problem.rooms else "venue"
    room = Room(_NEW, venue, activity.size, activity.zones[0], activity.features, hours)
    said = Message("One suitable room more in %(venue)s would do, the rest of the plan unchanged.", {"venue": venue})
    larger = replace(problem, rooms=(*problem.rooms, room))
    if activity.rooms is None:
        return Change(larger, said)
    return Change(_with_activity(larger, replace(activity, rooms=(*activity.rooms, _NEW))), said)


def _other_starts(problem: Problem, activity: Activity) -> Change:
    """Return the problem in which the activity may begin whenever any activity may."""
    line = problem.frozen_before or 0
    starts = {start for other in problem.activities for start in other.starts if start >= line} | set(activity.starts)
    said = Message(
        "It would work if %(activity)s could also begin when other activities do, the rest of the plan unchanged.",
        {"activity": activity.id},
    )
    return Change(_with_activity(problem, replace(activity, starts=tuple(sorted(starts)))), said)


def _with_activity(problem: Problem, activity: Activity) -> Problem:
    activities = tuple(activity if found.id == activity.id else found for found in problem.activities)
    return replace(problem, activities=activities)
