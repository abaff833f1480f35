"""What stood in the way of a session or a staff place, counted plainly and said in a coordinator's words."""

from collections import Counter
from collections.abc import Iterable

from core.domain.errors import Message
from core.planning.plan import PlannedSession, SessionKey
from core.planning.problem import Activity, Person, Role
from core.planning.search.ledger import Ledger
from core.planning.search.staffing import is_safe


def why_empty(ledger: Ledger, row: PlannedSession, role: Role) -> Message:
    """Return why a required place in a held session is empty, everything else held as planned."""
    activity = ledger.problem.activity_of[row.activity]
    pool = _skilled(ledger.problem.people, role)
    values: dict[str, object] = {"people": len(pool), "skill": role.skill or "", "activity": activity.id}
    if not pool:
        return Message("Nobody has the skill %(skill)s.", values)
    count = Counter(_obstacle(ledger, activity, row.start, row.room, person) for person in pool)
    here = sum(person.id in row.people() for person in pool)
    values |= {"away": count["away"], "busy": count["busy"] - here, "full": count["full"], "here": here}
    values["left"] = count["free"]
    if role.skill is None:
        return Message(
            "Of %(people)s people, %(away)s are not available then, %(busy)s serve elsewhere, %(full)s have done what "
            "they offered, %(here)s serve in it already and %(left)s don't fit beside the others.",
            values,
        )
    if count["away"] == len(pool):
        return Message("None of %(people)s people with %(skill)s is available then.", values)
    return Message(
        "Of %(people)s people with %(skill)s, %(away)s are not available then, %(busy)s serve elsewhere, %(full)s have "
        "done what they offered, %(here)s serve in it already and %(left)s would be a face too many.",
        values,
    )


def why_not_held(ledger: Ledger, key: SessionKey) -> Message:
    """Return why a session is not held, everything else held as planned."""
    activity = ledger.problem.activity_of[key[0]]
    taken = {row.start for row in ledger.series[activity.id].values()}
    starts = [slot.start for slot in ledger.choices.slots(activity.id) if slot.lane == 0 and slot.start not in taken]
    values: dict[str, object] = {"activity": activity.id, "starts": len(starts)}
    if not starts:
        return Message("No start is left at which a suitable room is open.", values)
    lonely = _skill_nobody_has_then(ledger, activity, starts)
    if lonely is not None:
        values["skill"] = lonely
        return Message("Nobody with %(skill)s is available at any of the %(starts)s possible starts.", values)
    hindrances = {start: _hindrance(ledger, activity, start) for start in starts}
    count = Counter(hindrances.values())
    if count["staff"] == len(starts) and (scarce := _scarce(ledger, activity, starts)) is not None:
        return _why_scarce(ledger, activity, starts, scarce)
    values |= {name: count[name] for name in ("groups", "rooms", "staff", "other")}
    return Message(
        "Of %(starts)s possible starts, the group is elsewhere at %(groups)s, no suitable room is free at %(rooms)s, "
        "too few people are free at %(staff)s, and %(other)s clash with its other sessions or with those tied to it.",
        values,
    )


def _skilled(people: Iterable[Person], role: Role) -> list[Person]:
    return [person for person in people if role.skill is None or role.skill in person.skills]


def _obstacle(ledger: Ledger, activity: Activity, start: int, room: str | None, person: Person) -> str:
    end, venue = start + activity.duration, ledger.problem.venue(activity, room)
    if not person.is_available(start, end):
        return "away"
    if not ledger.reaches(person.id, start, end, venue):
        return "busy"
    return "free" if ledger.can_serve(person.id, start, end, venue) else "full"


def _skill_nobody_has_then(ledger: Ledger, activity: Activity, starts: list[int]) -> str | None:
    """Return a skill that is required and that nobody who is available at any of the starts has."""
    for role in activity.roles:
        alone = role.required and role.skill is not None
        if alone and not any(ledger.choices.people(activity.id, start, role.role) for start in starts):
            return role.skill
    return None


def _hindrance(ledger: Ledger, activity: Activity, start: int) -> str:
    rooms = ledger.rooms_for(activity, start)
    if not rooms:
        return "rooms"
    free = [room for room in rooms if ledger.groups_are_free(activity, start, ledger.problem.venue(activity, room))]
    if not free:
        return "groups"
    staffed = any(_could_be_staffed(ledger, activity, start, room) for room in free)
    return "other" if staffed else "staff"


def _could_be_staffed(ledger: Ledger, activity: Activity, start: int, room: str | None) -> bool:
    """Say whether enough adults could fill a place each; with more people than places in a role, any of them may."""
    able = {role: _able(ledger, activity, start, room, role) for role in activity.roles}
    places = sum(min(role.wanted, len(people)) for role, people in able.items())
    return places >= activity.min_adults and is_safe(ledger.problem, activity, set[str]().union(*able.values()))


def _able(ledger: Ledger, activity: Activity, start: int, room: str | None, role: Role) -> set[str]:
    end, venue = start + activity.duration, ledger.problem.venue(activity, room)
    people = ledger.choices.people(activity.id, start, role.role)
    return {person for person in people if ledger.can_serve(person, start, end, venue)}


def _scarce(ledger: Ledger, activity: Activity, starts: list[int]) -> Role | None:
    """Return a required role with a skill for which nobody is left at any of the starts, wherever it is held."""
    for role in activity.roles:
        asked = role.required and role.skill is not None
        if asked and not any(
            _able(ledger, activity, start, room, role) for start in starts for room in ledger.rooms_for(activity, start)
        ):
            return role
    return None


def _why_scarce(ledger: Ledger, activity: Activity, starts: list[int], role: Role) -> Message:
    """Return who has the skill and why none of them is left; without them too few adults would be there to hold it."""
    pool = _skilled(ledger.problem.people, role)
    away = sum(not any(person.is_available(start, start + activity.duration) for start in starts) for person in pool)
    return Message(
        "Nobody more with %(skill)s is free at any of the %(starts)s possible starts: of %(people)s people, %(away)s "
        "are not available then and %(busy)s serve already or have done what they offered.",
        {
            "skill": role.skill or "",
            "starts": len(starts),
            "people": len(pool),
            "away": away,
            "busy": len(pool) - away,
        },
    )
