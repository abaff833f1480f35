"""Clashes of pins that plain reading finds: what they fix, laid out as a plan that holds nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Pin, Problem, Room, Travel
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule

#: Rules that a plan may break for lack of sessions or staff: with more of them it need not, so they prove nothing.
_CURABLE = {"safe_session", "not_without_the_other", "past_unchanged", "pins_kept", "each_session_once"}
_RULES = tuple(rule for rule in DEFAULT_RULES if rule.name not in _CURABLE)

#: A session pinned to no room is laid into one that suits it, is near everything and its own alone.
_ANYWHERE = "(anywhere)"

#: So many breaches are followed up, the smallest first.
_FOLLOWED = 8


@dataclass(frozen=True)
class Clash:
    """Pins, by position, that can't all be kept, with the past as it is; and why."""

    pins: tuple[int, ...]
    reason: Message


def clashes(problem: Problem, choices: Choices, pins: Collection[int]) -> list[Clash]:
    """Return clashes among these pins that take no solver to see, those with the fewest pins first.

    Each is certain, and needs all its pins as far as plain reading goes. There may be others, such as three sessions
    pinned to a room that has hours for two.
    """
    by_pins = dict[tuple[int, ...], Clash]()
    for clash in chain(_broken(problem, pins), _on_one_session(problem, pins), _alone(problem, choices, pins)):
        by_pins.setdefault(clash.pins, clash)
    return sorted(by_pins.values(), key=lambda clash: (len(clash.pins), clash.pins))


def _alone(problem: Problem, choices: Choices, pins: Iterable[int]) -> Iterator[Clash]:
    """Yield each pin that leaves no start at which its room is open and its people could serve."""
    for at in pins:
        pin = problem.pins[at]
        starts = [start for start in choices.starts(pin.activity) if pin.start in {None, start}]
        if not any(_is_possible(problem, choices, pin, start) for start in starts):
            values = {"activity": pin.activity, "number": pin.index + 1}
            yield Clash(
                (at,),
                Message("Session %(number)s of %(activity)s finds no start with its room open and its people.", values),
            )


def _is_possible(problem: Problem, choices: Choices, pin: Pin, start: int) -> bool:
    rooms = choices.rooms(pin.activity, start)
    needs_room = problem.activity_of[pin.activity].needs_room
    housed = pin.room in rooms if pin.room is not None else bool(rooms) or not needs_room
    return housed and all(set(ids) <= choices.people(pin.activity, start, role) for role, ids in pin.staff.items())


def _on_one_session(problem: Problem, pins: Iterable[int]) -> Iterator[Clash]:
    """Yield pins on one session that say different things, or other things than what was held."""
    said = defaultdict[SessionKey, list[int]](list)
    for at in pins:
        said[problem.pins[at].key].append(at)
    for key, mine in said.items():
        values = {"activity": key[0], "number": key[1] + 1}
        for one, other in combinations(mine, 2):
            if _differ(problem.pins[one], problem.pins[other]):
                text = Message("Session %(number)s of %(activity)s can't be in two places or at two times.", values)
                yield Clash((one, other), text)
        if key in problem.frozen:
            for at in mine:
                if not _was_so(problem.pins[at], problem.frozen[key]):
                    text = Message("Session %(number)s of %(activity)s has begun already and can't be changed.", values)
                    yield Clash((at,), text)


def _differ(one: Pin, other: Pin) -> bool:
    return (None not in {one.start, other.start} and one.start != other.start) or (
        None not in {one.room, other.room} and one.room != other.room
    )


def _was_so(pin: Pin, row: PlannedSession) -> bool:
    return (
        pin.start in {None, row.start}
        and pin.room in {None, row.room}
        and all(set(ids) <= set(row.staff.get(role, ())) for role, ids in pin.staff.items())
    )


def _broken(problem: Problem, pins: Collection[int]) -> Iterator[Clash]:
    """Yield the pins that break a rule by what they fix alone."""
    found = [(rule, breach) for rule in _RULES for breach in _breaches(problem, pins, rule)]
    found.sort(key=lambda entry: len(_guilty(problem, pins, entry[1])))
    for rule, breach in found[:_FOLLOWED]:
        yield _reduced(problem, rule, breach, _guilty(problem, pins, breach))


def _reduced(problem: Problem, rule: Rule, breach: Breach, guilty: tuple[int, ...]) -> Clash:
    """Return the clash without pins that the rule is broken without."""
    for at in guilty:
        rest = tuple(other for other in guilty if other != at)
        fewer = next(_breaches(problem, rest, rule), None)
        if fewer is not None:
            return _reduced(problem, rule, fewer, _guilty(problem, rest, fewer))
    return Clash(guilty, breach.message)


def _guilty(problem: Problem, pins: Iterable[int], breach: Breach) -> tuple[int, ...]:
    return tuple(sorted(at for at in pins if problem.pins[at].key in breach.sessions))


def _breaches(problem: Problem, pins: Iterable[int], rule: Rule) -> Iterator[Breach]:
    """Yield the breaches of a rule that at least one of these pins has to do with."""
    mine = [problem.pins[at] for at in pins]
    laid_out, plan = _laid_out(problem, mine)
    keys, anywhere = {pin.key for pin in mine}, {row.key for row in plan.sessions if row.room and _ANYWHERE in row.room}
    for breach in rule.breaches(laid_out, plan):
        if keys.isdisjoint(breach.sessions):
            continue
        if rule.name == "same_venue" and not anywhere.isdisjoint(breach.sessions):
            continue
        if rule.name == "in_order" and len(breach.sessions) == 1:
            continue
        yield breach


def _laid_out(problem: Problem, pins: Iterable[Pin]) -> tuple[Problem, Plan]:
    """Return the past and the pins that have a start as a plan, in a problem with rooms for those that have none."""
    rows, rooms, activities = dict(problem.frozen), list(problem.rooms), dict(problem.activity_of)
    for pin in pins:
        if pin.key in rows:
            rows[pin.key] = _with_staff(rows[pin.key], pin)
        elif pin.start is not None:
            activity, room = problem.activity_of[pin.activity], pin.room
            if room is None and activity.needs_room:
                rooms.append(_a_room(activity, pin))
                room = rooms[-1].id
                listed = activities[activity.id].rooms
                activities[activity.id] = replace(
                    activities[activity.id], rooms=None if listed is None else (*listed, room)
                )
            rows[pin.key] = PlannedSession(pin.activity, pin.index, pin.start, room, pin.staff)
    near = tuple((_ANYWHERE, venue, 0) for venue in _venues(problem))
    travel = Travel(problem.travel.default, (*problem.travel.pairs, *near))
    laid_out = replace(problem, rooms=tuple(rooms), activities=tuple(activities.values()), travel=travel)
    return laid_out, Plan(problem.name, tuple(rows[key] for key in sorted(rows)))


def _with_staff(row: PlannedSession, pin: Pin) -> PlannedSession:
    staff = {
        role: tuple(dict.fromkeys((*row.staff.get(role, ()), *pin.staff.get(role, ()))))
        for role in {**row.staff, **pin.staff}
    }
    room = pin.room if row.room is not None and _ANYWHERE in row.room and pin.room is not None else row.room
    return replace(row, room=room, staff=staff)


def _a_room(activity: Activity, pin: Pin) -> Room:
    always = ((0, 2**31),)
    name = f"{_ANYWHERE} {pin.activity} #{pin.index}"
    return Room(name, _ANYWHERE, activity.size, activity.zones[0], activity.features, always)


def _venues(problem: Problem) -> set[str]:
    places = {activity.place for activity in problem.activities if activity.place is not None}
    return {room.venue for room in problem.rooms} | places
