"""What stands in a registration's way by the station's own rules, each with a code, a text and a cure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from core.db.models import ActivityIntake, Child, Term, TermIntake
from core.domain.ages import age_on, school_year
from core.domain.capabilities import Capability
from core.domain.child_file import Grade, grade_now
from core.domain.errors import Message
from core.domain.registering import Channel, Way
from core.hooks.joining import CuredOn, Obstacle
from core.services.eligibility import Been
from core.services.registration.clashes import Stretch, Times, Timetable, ahead, first_meeting

_OWN_RULE: Final = Capability.WAIVE_RULES
_OTHER_ONE: Final = Message("Choose another activity, or cancel that one.")
#: Nobody is registered for what was given up, is over or was never announced.
GIVEN_UP: Final = Obstacle("given_up", Message("The activity was given up."), cured_on=CuredOn.OTHERS)
OVER: Final = Obstacle("over", Message("All of its sessions are over."), cured_on=CuredOn.OTHERS)
NOT_ANNOUNCED: Final = Obstacle(
    "not_announced",
    Message("Its times are not published yet."),
    Message("Publish the timetable; then children are registered."),
    cured_on=CuredOn.TIMETABLE,
)
NOT_OPEN: Final = Obstacle(
    "not_open",
    Message("Nobody has decided yet when registration opens."),
    Message("Enter the dates on the registration page of the term."),
    cured_on=CuredOn.TERM,
)
LEFT: Final = Obstacle(
    "left",
    Message("The child has left the station."),
    Message("Note in the file that the child is back."),
    cured_on=CuredOn.FILE,
)
RESTRICTED: Final = Obstacle(
    "restricted_file",
    Message("The file is sealed: on lists its place shows as taken, and its name to named workers alone."),
    waived_by=Capability.SEAL_CHILDREN,
)
ATTENDS: Final = Obstacle(
    "attends",
    Message("The child takes part already, with one of its groups."),
    waived_by=_OWN_RULE,
    cured_on=CuredOn.FILE,
)
NO_GRADE: Final = Obstacle(
    "no_grade",
    Message("It is for some grades, and the file doesn't say in which one the child is."),
    Message("Note the grade in the child's file."),
    waived_by=_OWN_RULE,
    cured_on=CuredOn.DETAILS,
)


@dataclass(frozen=True)
class Candidate:
    """A child as the rules look at it; nothing of it shows in a repr.

    `attends`: one of its groups takes part, without its being registered. `expected_at` are the activities that it
    attends, `places` those of the term in which it has a place, `been` where it was ever, by the keys of the types.
    """

    station_id: UUID
    left: bool
    sealed: bool
    attends: bool
    born: date = field(repr=False)
    grade: Grade | None = field(repr=False)
    expected_at: frozenset[UUID]
    places: frozenset[UUID]
    been: Mapping[str, Been] = field(repr=False)


def candidate(
    child: Child,
    today: date,
    expected_at: frozenset[UUID],
    places: frozenset[UUID],
    been: Mapping[str, Been],
    *,
    attends: bool,
) -> Candidate:
    """Return a child as the rules look at it."""
    noted = Grade(child.grade) if child.grade else None
    return Candidate(
        station_id=child.station_id,
        left=child.left_on is not None,
        sealed=child.sealed_file,
        attends=attends,
        born=date.fromisoformat(child.birth_date),
        grade=grade_now(noted, child.grade_year, school_year(today)),
        expected_at=expected_at,
        places=places,
        been=been,
    )


def window(intake: ActivityIntake, of_term: TermIntake | None) -> tuple[datetime | None, datetime | None]:
    """Return from when until when free places are given; None: not decided, and to the end of the term."""
    opens = intake.opens_at or (of_term.opens_at if of_term else None)
    return opens, intake.closes_at or (of_term.closes_at if of_term else None)


def obstacles_of_time(
    intake: ActivityIntake, of_term: TermIntake | None, now: datetime, channel: Channel
) -> Iterator[Obstacle]:
    """Yield why nobody is registered now; what was merged or allocated comes at its own time, walk-ins at the door."""
    if channel in {Channel.MERGED, Channel.ALLOCATION}:
        return
    opens, closes = window(intake, of_term)
    if opens is None or now < opens:
        if intake.way is Way.WISHES and of_term is not None and of_term.wishes_until is not None:
            yield _by_wishes(of_term.wishes_until)
        elif opens is None:
            yield NOT_OPEN
        else:
            yield Obstacle("not_open", Message("Registration opens on %(when)s.", {"when": opens}))
    elif closes is not None and now >= closes and channel is not Channel.WALK_IN:
        yield Obstacle("closed", Message("Registration closed on %(when)s.", {"when": closes}), waived_by=_OWN_RULE)


def obstacles_of_child(
    who: Candidate,
    intake: ActivityIntake,
    of_term: TermIntake | None,
    timetable: Timetable,
    titles: Mapping[UUID, str],
    first_day: date,
    now: datetime,
) -> Iterator[Obstacle]:
    """Yield why this child can't have a place, whenever it is asked; `first_day` is the first that is left.

    `titles` are those of the child's other activities that may be told: closed ones are not among them.
    """
    own = timetable.times.get(intake.activity_id, ())
    if intake.given_up_on is not None:
        yield GIVEN_UP
    elif not own:
        yield NOT_ANNOUNCED
    elif not ahead(own, now):
        yield OVER
    if who.left:
        yield LEFT
    if who.sealed:
        yield RESTRICTED
    if who.attends:
        yield ATTENDS
    yield from _whom_it_is_for(who, intake, first_day)
    if intake.newcomers_only and (been := who.been.get(intake.activity.type_key)) is not None:
        yield _took_part(been)
    limit = intake.per_child or (of_term.per_child if of_term else None)
    if limit is not None and len(who.places - {intake.activity_id}) >= limit:
        yield Obstacle(
            "limit",
            Message("The child has a place in %(count)s activities already, and no more are given.", {"count": limit}),
            Message("Cancel one of them first."),
            waived_by=_OWN_RULE,
            cured_on=CuredOn.REGISTRATIONS,
            about=_told(who.places - {intake.activity_id}, titles),
        )
    yield from _clashes(who, intake.activity_id, timetable, titles, now)


def first_day_left(intake: ActivityIntake, term: Term, times: Times, now: datetime) -> date:
    """Return the day of the activity's next session, by which ages count."""
    left = [one.starts_at.date() for one in ahead(times.get(intake.activity_id, ()), now)]
    return min(left, default=max(intake.activity.first or term.first, now.date()))


def _by_wishes(until: datetime) -> Obstacle:
    return Obstacle(
        "by_wishes",
        Message("Places are given together, by the families' wishes; these are taken until %(when)s.", {"when": until}),
        Message("Enter the family's wishes; what is left over is given afterwards."),
        cured_on=CuredOn.WISHES,
    )


def _took_part(been: Been) -> Obstacle:
    reason = Message("The child was in an activity of this kind already; this one is for those who never were.")
    if been.title is None or been.last is None:
        return Obstacle("took_part", reason, waived_by=_OWN_RULE)
    reason = Message(
        "The child was at “%(title)s” already (last on %(when)s); this one is for those who never were at one like it.",
        {"title": been.title, "when": been.last},
    )
    return Obstacle(
        "took_part", reason, waived_by=_OWN_RULE, cured_on=CuredOn.ATTENDANCE, about=(str(been.activity_id),)
    )


def _whom_it_is_for(who: Candidate, intake: ActivityIntake, first_day: date) -> Iterator[Obstacle]:
    age = age_on(who.born, max(first_day, who.born))
    low, high = intake.from_age, intake.to_age
    if (low is not None and age < low) or (high is not None and age > high):
        values = {"low": low if low is not None else 0, "high": high if high is not None else 17}
        reason = Message("It is for ages %(low)s to %(high)s.", values)
        yield Obstacle("age", reason, waived_by=_OWN_RULE, cured_on=CuredOn.DETAILS)
    if intake.grades and who.grade is None:
        yield NO_GRADE
    elif intake.grades and who.grade is not None and who.grade.value not in intake.grades:
        listed = tuple(grade.label for grade in Grade if grade.value in intake.grades)
        reason = Message("It is for other grades: %(grades)s.", {"grades": listed})
        yield Obstacle("grade", reason, waived_by=_OWN_RULE, cured_on=CuredOn.DETAILS)
    if intake.communities and str(who.station_id) not in intake.communities:
        reason = Message("It is for the children of other communities.")
        yield Obstacle("community", reason, waived_by=_OWN_RULE, cured_on=CuredOn.MOVING)


def _clashes(
    who: Candidate, activity_id: UUID, timetable: Timetable, titles: Mapping[UUID, str], now: datetime
) -> Iterator[Obstacle]:
    own = ahead(timetable.times.get(activity_id, ()), now)
    for other in sorted(who.expected_at - {activity_id}, key=lambda key: titles.get(key, "")):
        theirs = ahead(timetable.times.get(other, ()), now)
        if met := first_meeting(own, theirs):
            yield _at_once(met[1], other, titles)
        elif met := first_meeting(own, theirs, timetable.ways):
            yield _too_far(met[1], timetable.ways.between(met[0].venue_id, met[1].venue_id), other, titles)


def _at_once(met: Stretch, other: UUID, titles: Mapping[UUID, str]) -> Obstacle:
    reason = Message("At the same time the child is expected elsewhere (%(when)s).", {"when": met.starts_at})
    if title := titles.get(other):
        values = {"title": title, "when": met.starts_at}
        reason = Message("At the same time the child is at “%(title)s” (%(when)s).", values)
    return Obstacle("clash", reason, _OTHER_ONE, _OWN_RULE, CuredOn.REGISTRATIONS, _told([other], titles))


def _too_far(met: Stretch, minutes: int, other: UUID, titles: Mapping[UUID, str]) -> Obstacle:
    reason = Message(
        "Too far from where the child is expected as well (%(when)s): the way takes %(minutes)s minutes.",
        {"minutes": minutes, "when": met.starts_at},
    )
    if title := titles.get(other):
        values = {"title": title, "minutes": minutes, "when": met.starts_at}
        reason = Message("Too far from “%(title)s” (%(when)s): the way takes %(minutes)s minutes.", values)
    return Obstacle("too_far", reason, _OTHER_ONE, _OWN_RULE, CuredOn.REGISTRATIONS, _told([other], titles))


def _told(activities: Iterable[UUID], titles: Mapping[UUID, str]) -> tuple[str, ...]:
    """Return which activities a page may name, as the obstacle says it."""
    return tuple(sorted(str(one) for one in activities if one in titles))
