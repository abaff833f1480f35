"""Why an activity can't be held as it is described, or has little room, in a coordinator's words."""

from collections.abc import Iterator
from datetime import date

from core.domain.calendar.day import Day
from core.domain.errors import Message
from core.domain.vocabulary import Feature, Skill, Zone
from core.planning.moments import day_of
from core.planning.problem import Role, Room
from core.planning.prospects import Verdict
from core.services.planning.case import Case
from core.services.planning.surroundings import When

#: So many different reasons for closed days are named.
_NAMED = 3
_SEVERAL = 2


def hindrances(case: Case) -> tuple[Message, ...]:
    """Return what stands in the way, the main reason first; nothing for an activity that works."""
    found = case.prospect
    if found.verdict is Verdict.WORKS:
        return ()
    if not found.starts:
        return (_no_start(case),)
    if not found.roomy:
        return (next(_programs(case), None) or _no_room(case),)
    return tuple(_short(case))


def _no_start(case: Case) -> Message:
    when, days, term = When.of(case.activity), case.around.days, case.around.term
    if case.planned.starts:
        return Message("All its possible starts lie behind us.")
    if not days:
        return Message("The term has no open day.")
    first, last = when.first or term.first, when.last or term.last
    if not any(first <= day.date <= last for day in days):
        return Message("No open day of the term lies between %(first)s and %(last)s.", {"first": first, "last": last})
    chosen = [day for day in days if when.includes(day.date)]
    if not chosen:
        return _no_day(case, when, first, last)
    values = {"days": len(chosen), "minutes": when.duration, "times": tuple(case.activity.times)}
    return Message(
        "On none of the %(days)s open days is the station open for %(minutes)s minutes from %(times)s.", values
    )


def _no_day(case: Case, when: When, first: date, last: date) -> Message:
    """Return why none of the open days is one of those that were chosen."""
    wanted = [day for day in case.around.calendar.days(first, last) if when.includes(day.date)]
    if wanted and all(day.closed for day in wanted):
        values = {"days": len(wanted), "why": _closings(wanted)}
        return Message("All %(days)s days on which it could be held are closed. %(why)s", values)
    return Message(
        "None of the term's %(days)s open days falls on the chosen days of the week.", {"days": len(case.around.days)}
    )


def _closings(days: list[Day]) -> tuple[Message, ...]:
    return tuple({str(day.closed): day.closed for day in days if day.closed}.values())[:_NAMED]


def _programs(case: Case) -> Iterator[Message]:
    """Yield the programs whose own rules keep the activity from being held, which it could be without them."""
    found = case.prospect
    # A program speaks of its own activities, or tells its rules of others in its part of the problem.
    for program in dict.fromkeys((case.planned.program, *case.problem.extensions)):
        free = case.without_program(program)
        known = case.hooks.programs.get(program)
        values: dict[str, object] = {"program": known.name if known else program, "starts": len(free.roomy)}
        if free.roomy and not found.roomy:
            yield Message("The rules of “%(program)s” strike out all of its %(starts)s possible starts.", values)
        elif found.held < found.asked <= free.held:
            values |= {"most": found.held}
            yield Message("The rules of “%(program)s” leave only %(most)s sessions.", values)


def _no_room(case: Case) -> Message:
    """Return why no room is possible at any start, by what is asked of rooms one after another."""
    activity, rooms = case.planned, [room for room in case.problem.rooms if room.zone in case.planned.zones]
    if not rooms:
        return Message("There is no room in the zones %(zones)s.", {"zones": tuple(map(Zone, activity.zones))})
    rooms = [room for room in rooms if set(activity.features) <= set(room.features)]
    if not rooms:
        features = tuple(map(Feature, activity.features))
        return Message("No room in these zones has all of: %(features)s.", {"features": features})
    rooms = [room for room in rooms if activity.rooms is None or room.id in activity.rooms]
    if not rooms:
        return Message("None of the chosen rooms lies in these zones and has what it needs.")
    if all(room.capacity < activity.size for room in rooms):
        largest = max(rooms, key=lambda room: room.capacity)
        values = {"size": activity.size, "room": room_name(case, largest), "capacity": largest.capacity}
        return Message("No suitable room holds %(size)s children: %(room)s, the largest, holds %(capacity)s.", values)
    values = {"starts": len(case.prospect.starts), "rooms": sum(room.capacity >= activity.size for room in rooms)}
    return Message(
        "At none of the %(starts)s possible starts is one of the %(rooms)s suitable rooms open and not booked.", values
    )


def room_name(case: Case, room: Room) -> str:
    """Return what a room is called."""
    return next(row.name for row in case.around.room_rows if str(row.id) == room.id)


def _short(case: Case) -> Iterator[Message]:
    """Yield what is short where there are starts with a room: people first, then days, then what they make together."""
    found, said = case.prospect, list(_people(case))
    yield from said
    if found.most >= found.asked:
        if not said:
            yield _little(case)
        return
    if found.safe and found.by_days < found.asked:
        yield _few_days(case)
    programs = list(_programs(case))
    yield from programs
    if found.safe and not said and not programs and found.by_days >= found.asked:
        yield _few_sessions(case)


def _people(case: Case) -> Iterator[Message]:
    found = case.prospect
    for role in case.planned.roles:
        able = found.able[role.role]
        if role.required and (max(able) < role.required or (found.held == found.asked and found.empty)):
            lacking = _lacking(case, role)
            if lacking is not None:
                yield lacking
    if not found.safe:
        yield _few_adults(case)


def _lacking(case: Case, role: Role) -> Message | None:
    """Return why a role's required places stay empty; None where enough people could fill them at each start."""
    able = case.prospect.able[role.role]
    skilled = [person.id for person in case.problem.people if role.skill is None or role.skill in person.skills]
    pool = [name for name in skilled if name in case.cleared]
    values: dict[str, object] = {
        "role": case.role_labels[role.role],
        "skill": Skill(role.skill) if role.skill else "",
        "required": role.required,
        "count": len(pool) if pool else len(skilled),
        "starts": len(able),
        "most": max(able),
        "enough": sum(count >= role.required for count in able),
    }
    if role.skill and not skilled:
        return Message("Nobody has the skill %(skill)s, which is required of “%(role)s”.", values)
    if not pool:
        return Message(
            "None of the %(count)s people who could be “%(role)s” has a valid clearance in this term.", values
        )
    if not max(able):
        return Message(
            "None of the %(count)s people who could be “%(role)s” is available at any of the %(starts)s starts.", values
        )
    if max(able) < role.required:
        return Message(
            "No start has more than %(most)s people who could be “%(role)s”; %(required)s are required.", values
        )
    if min(able) >= role.required:
        return None
    return Message("Enough people for “%(role)s” are available at %(enough)s of %(starts)s starts.", values)


def _few_adults(case: Case) -> Message:
    activity = case.planned
    places = sum(role.wanted for role in activity.roles)
    values: dict[str, object] = {"adults": activity.min_adults, "places": places, "starts": len(case.prospect.roomy)}
    if places < activity.min_adults:
        return Message("Its roles have %(places)s places in all, but a session takes %(adults)s adults.", values)
    if activity.min_adults < _SEVERAL:
        return Message("At none of the %(starts)s starts is an adult available.", values)
    return Message("At none of the %(starts)s starts are %(adults)s adults of two households available.", values)


def _few_days(case: Case) -> Message:
    found, activity = case.prospect, case.planned
    values = {
        "starts": len(found.safe),
        "days": len({day_of(start) for start in found.safe}),
        "a_day": 1 if activity.ordered else activity.max_per_day,
        "most": found.most,
        "asked": found.asked,
    }
    return Message(
        "The %(starts)s starts that are left lie on %(days)s days with at most %(a_day)s sessions each: "
        "%(most)s of %(asked)s sessions at most.",
        values,
    )


def _few_sessions(case: Case) -> Message:
    found = case.prospect
    values: dict[str, object] = {"most": found.most, "asked": found.asked}
    scarce = next((role for role, most in found.by_role.items() if most < found.asked), None)
    if scarce is not None:
        values |= {"role": case.role_labels[scarce], "most": found.by_role[scarce]}
        return Message(
            "Whoever could be “%(role)s” has offered enough for %(most)s of %(asked)s sessions at most.", values
        )
    if found.by_people < found.asked:
        return Message(
            "The adults who could serve have offered enough for %(most)s of %(asked)s sessions at most.", values
        )
    return Message("Rooms and people together allow %(most)s of %(asked)s sessions at most.", values)


def _little(case: Case) -> Message:
    """Return why an activity is tight of which nothing is short by itself."""
    found = case.prospect
    values = {"most": found.most, "asked": found.asked, "held": found.held}
    if not found.is_complete:
        return Message("Rooms and people leave so little room that only planning can tell whether all is held.", values)
    return Message("There is little to spare: of %(asked)s sessions, %(most)s could be held at most.", values)
