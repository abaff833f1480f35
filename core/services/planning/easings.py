"""What to relax so that an activity can be held: each change is tried by itself, by computing again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Final

from core.domain.errors import Message
from core.domain.vocabulary import Feature, Skill, Zone
from core.planning.problem import Activity, Problem
from core.planning.prospects import Prospect, Verdict
from core.planning.reasons.scene import suits
from core.planning.relaxations.people import VolunteersMore
from core.services.planning.case import Case
from core.services.planning.hindrances import room_name
from core.services.planning.surroundings import When

WEEKDAYS: Final = (
    Message("Monday"),
    Message("Tuesday"),
    Message("Wednesday"),
    Message("Thursday"),
    Message("Friday"),
    Message("Saturday"),
    Message("Sunday"),
)
#: Minutes between the times of day that are tried.
_STEP: Final = timedelta(minutes=30)
#: So many small changes are tried before the largest of their kind is told.
_TRIES: Final = 8
#: More volunteers than these at once is no small change.
_MOST_VOLUNTEERS: Final = 3


@dataclass(frozen=True)
class Easing:
    """A change with which the activity can be held, other things equal.

    With it there are `starts` possible starts with a room and enough adults, and at most `most` sessions. `values` are
    what fields of an `ActivityDraft` would have to be, by name; none where the activity's own fields can't say it.
    """

    change: Message
    starts: int
    most: int
    values: Mapping[str, object]


@dataclass(frozen=True)
class _Change:
    message: Message
    problem: Callable[[], Problem]
    values: Mapping[str, object] = field(default_factory=dict)


#: Changes of one kind, the smallest first; the last goes farthest, so that none helps if it doesn't.
_Kind = Sequence[_Change]


def easings(case: Case) -> tuple[Easing, ...]:
    """Return the changes that help, of each kind the smallest that was found; none where all can be held already."""
    if case.prospect.verdict is Verdict.WORKS or case.prospect.is_complete:
        return ()
    return tuple(found for kind in _kinds(case) for found in _first_that_helps(case, kind))


def _kinds(case: Case) -> Iterator[_Kind]:
    found = case.prospect
    yield _weekdays(case)
    yield _times(case)
    yield _whole_term(case)
    if found.starts and len(found.roomy) < len(found.starts):
        for zone in Zone:
            yield _zone(case, zone)
        yield _features(case)
        yield _any_room(case)
        yield _fewer_children(case)
    if found.roomy:
        yield from _roles(case)
    yield _more_a_day(case)
    yield _fewer_sessions(case)


def _first_that_helps(case: Case, kind: _Kind) -> Iterator[Easing]:
    if not kind:
        return
    widest = case.with_problem(kind[-1].problem())
    if not _helps(case, widest):
        return
    for change in kind[:-1][:_TRIES]:
        narrower = case.with_problem(change.problem())
        if _helps(case, narrower):
            yield _told(case, change, narrower)
            return
    yield _told(case, kind[-1], widest)


def _helps(case: Case, changed: Prospect) -> bool:
    """Say whether a plan was found that holds all sessions, and, if that was possible before, with all their staff."""
    return changed.held == changed.asked and (case.prospect.held < case.prospect.asked or not changed.empty)


def _told(case: Case, change: _Change, changed: Prospect) -> Easing:
    # To ask for fewer sessions makes no more of them possible.
    most = min(changed.most, case.prospect.most) if "session_count" in change.values else changed.most
    return Easing(change.message, len(changed.safe), most, change.values)


def _changed(case: Case, **values: Any) -> Problem:
    activity: Activity = replace(case.planned, **values)
    # With fewer sessions, what ties those that are gone goes with them.
    relations = tuple(tie for tie in case.problem.relations if max(tie.a[1], tie.b[1]) < activity.sessions)
    return replace(case.problem, activities=(activity,), relations=relations)


def _when(case: Case, message: Message, values: Mapping[str, object], **changes: Any) -> _Change:
    """Return the change of when the activity may be held; what lies behind us stays possible."""
    when = replace(When.of(case.activity), **changes)
    past = {start for start, _ in case.around.past.get(case.activity.id, ())}
    starts = tuple(sorted({*case.around.starts(when), *past}))
    return _Change(message, partial(_changed, case, starts=starts), values)


def _weekdays(case: Case) -> _Kind:
    chosen, days = set(case.activity.weekdays), case.around.days
    open_days = [number for number in range(7) if any(day.date.weekday() == number for day in days)]
    others = [number for number in open_days if number not in chosen]
    if not chosen or not others:
        return ()
    others.sort(key=lambda number: -sum(day.date.weekday() == number for day in days))
    one_more = [
        _when(
            case,
            Message("Also on: %(days)s", {"days": (WEEKDAYS[number],)}),
            {"weekdays": sorted({*chosen, number})},
            weekdays=tuple(sorted({*chosen, number})),
        )
        for number in others
    ]
    return (*one_more, _when(case, Message("On every open day of the week"), {"weekdays": ()}, weekdays=()))


def _times(case: Case) -> _Kind:
    given = When.of(case.activity)
    new = [at for at in _grid(case, given) if at not in given.times]
    gain = {at: len(case.around.starts(replace(given, times=(at,)))) for at in new}
    useful = [at for at in sorted(new, key=lambda at: (-gain[at], at)) if gain[at]]
    if not useful:
        return ()
    one_more = [_at_times(case, given, (at,)) for at in useful]
    return (*one_more, _at_times(case, given, tuple(sorted(useful))))


def _at_times(case: Case, given: When, more: tuple[time, ...]) -> _Change:
    times = tuple(sorted({*given.times, *more}))
    texts = [f"{at:%H:%M}" for at in times]
    if len(more) == 1:
        message = Message("Also at %(time)s", {"time": more[0]})
    else:
        message = Message("At any time of day from %(first)s to %(last)s", {"first": more[0], "last": more[-1]})
    return _when(case, message, {"times": texts}, times=times)


def _grid(case: Case, given: When) -> list[time]:
    """Return the times of day on which sessions could begin within the station's hours."""
    found, length = set[time](), timedelta(minutes=given.duration)
    days = [day.date for day in case.around.days if given.includes(day.date)]
    hours = {(day, *window) for day in days for window in case.around.calendar.open_windows(day)}
    for opens, closes in {(opens, closes) for _, opens, closes in hours}:
        at, end = (datetime.combine(case.around.term.first, moment) for moment in (opens, closes))
        while at + length <= end:
            found.add(at.time())
            at += _STEP
    return sorted(found)


def _whole_term(case: Case) -> _Kind:
    if case.activity.first is None and case.activity.last is None:
        return ()
    return (_when(case, Message("In the whole term"), {"first": None, "last": None}, first=None, last=None),)


def _zone(case: Case, zone: Zone) -> _Kind:
    if zone in case.planned.zones:
        return ()
    zones = (*case.planned.zones, zone.value)
    message = Message("Also in the zone: %(zone)s", {"zone": zone})
    return (_Change(message, partial(_changed, case, zones=zones), {"zones": zones}),)


def _features(case: Case) -> _Kind:
    asked = case.planned.features
    single = [_without_features(case, (feature,)) for feature in asked] if len(asked) > 1 else []
    return (*single, _without_features(case, asked)) if asked else ()


def _without_features(case: Case, dropped: Sequence[str]) -> _Change:
    left = tuple(feature for feature in case.planned.features if feature not in dropped)
    message = Message("Without asking the room for: %(features)s", {"features": tuple(map(Feature, dropped))})
    return _Change(message, partial(_changed, case, features=left), {"features": left})


def _any_room(case: Case) -> _Kind:
    if case.planned.rooms is None:
        return ()
    return (_Change(Message("In any room that fits"), partial(_changed, case, rooms=None), {"rooms": ()}),)


def _fewer_children(case: Case) -> _Kind:
    suiting = [room for room in case.problem.rooms if suits(case.planned, room)]
    sizes = sorted({room.capacity for room in suiting if 0 < room.capacity < case.planned.size}, reverse=True)
    return tuple(
        _Change(
            Message(
                "Fewer children: at most %(size)s, as many as %(room)s holds",
                {"size": size, "room": room_name(case, next(room for room in suiting if room.capacity == size))},
            ),
            partial(_changed, case, size=size),
            {"size": size},
        )
        for size in sizes[:_TRIES]
    )


def _roles(case: Case) -> Iterator[_Kind]:
    for role in case.planned.roles:
        if role.skill is None or not role.wanted:
            continue
        label, skill = case.role_labels[role.role], Skill(role.skill)
        freed = tuple(replace(one, skill=None) if one is role else one for one in case.planned.roles)
        message = Message("“%(role)s” by people without the skill %(skill)s too", {"role": label, "skill": skill})
        yield (_Change(message, partial(_changed, case, roles=freed)),)
    for skills in dict.fromkeys((role.skill,) if role.skill else () for role in case.planned.roles if role.wanted):
        yield tuple(_volunteers(case, skills))


def _volunteers(case: Case, skills: tuple[str, ...]) -> Iterable[_Change]:
    """Return one more volunteer who can always come, and then a few."""
    duration = case.planned.duration
    stretches = tuple((start, start + duration) for start in case.prospect.roomy)
    for count in range(1, _MOST_VOLUNTEERS + 1):
        values: dict[str, object] = {"count": count, "skills": tuple(map(Skill, skills))}
        if skills:
            message = Message("More volunteers with the skill %(skills)s who can always come: %(count)s", values)
        else:
            message = Message("More volunteers who can always come: %(count)s", values)
        more = VolunteersMore(count, skills, stretches, case.planned.id)
        yield _Change(message, partial(more.apply, case.problem))


def _more_a_day(case: Case) -> _Kind:
    most = case.planned.max_per_day
    if case.planned.ordered or case.prospect.by_days >= case.prospect.asked:
        return ()
    return tuple(
        _Change(
            Message("Sessions a day: up to %(count)s", {"count": count}),
            partial(_changed, case, max_per_day=count),
            {"max_per_day": count},
        )
        for count in range(most + 1, most + 4)
    )


def _fewer_sessions(case: Case) -> _Kind:
    count = case.prospect.held
    if not 0 < count < case.prospect.asked:
        return ()
    message = Message("Fewer sessions: %(count)s", {"count": count})
    return (_Change(message, partial(_changed, case, sessions=count), {"session_count": count}),)
