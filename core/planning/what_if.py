"""Changed copies of a problem, to plan and compare: a volunteer more, a room less, another weight, somebody away.

What lies before `frozen_before` stays as it is in every copy. What isn't in the problem raises NotFoundError.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from core.domain.errors import ConflictError, Message, NotFoundError
from core.planning.activities import Activity, Pin
from core.planning.moments import MINUTES_A_DAY, Window
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.resources import Person

#: After every moment that can be written.
_FOR_EVER = 10**10
_TERMS = frozenset(preference.name for preference in DEFAULT_PREFERENCES)


def with_person(problem: Problem, person: Person) -> Problem:
    """Return the problem with one more person; ConflictError if somebody has the id."""
    if person.id in problem.person_of:
        raise ConflictError(Message("There is a %(person)s already.", {"person": person.id}))
    return replace(problem, people=(*problem.people, person))


def with_one_more_like(problem: Problem, person: str) -> Problem:
    """Return the problem with one more person who can do and offers what that one does, of a household of their own."""
    model = problem.person_of.get(person)
    if model is None:
        raise _unknown(person)
    number = 2
    while f"{person}+{number}" in problem.person_of:
        number += 1
    return with_person(problem, replace(model, id=f"{person}+{number}", household=None))


def without_person(problem: Problem, person: str) -> Problem:
    """Return the problem with somebody who can't serve from now on; pins are kept but for them."""
    return _away(problem, person, (_now(problem), _FOR_EVER))


def with_person_away(problem: Problem, person: str, first_day: int, last_day: int) -> Problem:
    """Return the problem with somebody away on these days and all between, numbered as `moments.day_of` does.

    Pins to these days are kept but for them, and so are pins without a start.
    """
    start = max(first_day * MINUTES_A_DAY, _now(problem))
    return _away(problem, person, (start, (last_day + 1) * MINUTES_A_DAY))


def without_room(problem: Problem, room: str) -> Problem:
    """Return the problem with a room closed from now on; pins to it leave the room open."""
    if room not in problem.room_of:
        raise _unknown(room)
    closed = (_now(problem), _FOR_EVER)
    rooms = (replace(each, open=_cut(each.open, closed)) if each.id == room else each for each in problem.rooms)
    return replace(problem, rooms=tuple(rooms), pins=_repinned(problem, lambda pin: _unhoused(pin, room)))


def with_weight(problem: Problem, term: str, weight: int) -> Problem:
    """Return the problem with another price of a soft term."""
    if term not in _TERMS:
        raise NotFoundError(
            Message("There is no term %(term)s; there are %(terms)s.", {"term": term, "terms": tuple(sorted(_TERMS))})
        )
    return replace(problem, weights={**problem.weights, term: weight})


def with_activity(
    problem: Problem, activity: str, *, size: int | None = None, min_adults: int | None = None
) -> Problem:
    """Return the problem with more or fewer children, or adults who must be there, in an activity."""
    if activity not in problem.activity_of:
        raise _unknown(activity)

    def changed(each: Activity) -> Activity:
        if each.id != activity:
            return each
        return replace(
            each,
            size=each.size if size is None else size,
            min_adults=each.min_adults if min_adults is None else min_adults,
        )

    return replace(problem, activities=tuple(changed(each) for each in problem.activities))


def _away(problem: Problem, person: str, stretch: Window) -> Problem:
    if person not in problem.person_of:
        raise _unknown(person)
    people = (
        replace(each, available=_cut(each.available, stretch)) if each.id == person else each for each in problem.people
    )

    def released(pin: Pin) -> Pin:
        if pin.start is not None and not stretch[0] <= pin.start < stretch[1]:
            return pin
        staff = {role: tuple(each for each in ids if each != person) for role, ids in pin.staff.items()}
        return replace(pin, staff=staff)

    return replace(problem, people=tuple(people), pins=_repinned(problem, released))


def _unhoused(pin: Pin, room: str) -> Pin:
    return replace(pin, room=None) if pin.room == room else pin


def _repinned(problem: Problem, change: Callable[[Pin], Pin]) -> tuple[Pin, ...]:
    return tuple(pin if pin.key in problem.frozen else change(pin) for pin in problem.pins)


def _cut(windows: Iterable[Window], stretch: Window) -> tuple[Window, ...]:
    """Return what is left of the windows outside a stretch."""
    parts = (part for start, end in windows for part in ((start, min(end, stretch[0])), (max(start, stretch[1]), end)))
    return tuple((start, end) for start, end in parts if start < end)


def _now(problem: Problem) -> int:
    return -_FOR_EVER if problem.frozen_before is None else problem.frozen_before


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(Message("“%(id)s” is not in the problem.", {"id": name}))
