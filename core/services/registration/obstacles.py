"""What stands in a registration's way by the station's own rules, each with a code, a text and a cure."""

from collections.abc import Iterator, Mapping
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
from core.hooks.joining import Obstacle
from core.services.registration.clashes import Times, ahead, first_meeting

_OWN_RULE: Final = Capability.WAIVE_RULES
#: Nobody is registered for what was given up, is over or was never announced.
GIVEN_UP: Final = Obstacle("given_up", Message("The activity was given up."))
OVER: Final = Obstacle("over", Message("All of its sessions are over."))
NOT_ANNOUNCED: Final = Obstacle(
    "not_announced",
    Message("Its times are not published yet."),
    Message("Publish the timetable; then children are registered."),
)
NOT_OPEN: Final = Obstacle(
    "not_open",
    Message("Nobody has decided yet when registration opens."),
    Message("Enter the dates on the registration page of the term."),
)
LEFT: Final = Obstacle(
    "left", Message("The child has left the station."), Message("Note in the file that the child is back.")
)
RESTRICTED: Final = Obstacle(
    "restricted_file",
    Message("The file is sealed: on lists its place shows as taken, and its name to named workers alone."),
    waived_by=Capability.SEAL_CHILDREN,
)
TOOK_PART: Final = Obstacle(
    "took_part",
    Message("The child was in an activity of this kind already; this one is for those who never were."),
    waived_by=_OWN_RULE,
)
NO_GRADE: Final = Obstacle(
    "no_grade",
    Message("It is for some grades, and the file doesn't say in which one the child is."),
    Message("Note the grade in the child's file."),
    waived_by=_OWN_RULE,
)


@dataclass(frozen=True)
class Candidate:
    """A child as the rules look at it; nothing of it shows in a repr.

    `expected_at` are the activities that it attends, `places` those of the term in which it has a place, `kinds` the
    keys of the types of activities in which it was ever.
    """

    station_id: UUID
    left: bool
    sealed: bool
    born: date = field(repr=False)
    grade: Grade | None = field(repr=False)
    expected_at: frozenset[UUID]
    places: frozenset[UUID]
    kinds: frozenset[str]


def candidate(
    child: Child, today: date, expected_at: frozenset[UUID], places: frozenset[UUID], kinds: frozenset[str]
) -> Candidate:
    """Return a child as the rules look at it."""
    noted = Grade(child.grade) if child.grade else None
    return Candidate(
        station_id=child.station_id,
        left=child.left_on is not None,
        sealed=child.sealed_file,
        born=date.fromisoformat(child.birth_date),
        grade=grade_now(noted, child.grade_year, school_year(today)),
        expected_at=expected_at,
        places=places,
        kinds=kinds,
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
    times: Times,
    titles: Mapping[UUID, str],
    first_day: date,
    now: datetime,
) -> Iterator[Obstacle]:
    """Yield why this child can't have a place, whenever it is asked; `first_day` is the first that is left.

    `titles` are those of the child's other activities that may be told: closed ones are not among them.
    """
    own = times.get(intake.activity_id, ())
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
    yield from _whom_it_is_for(who, intake, first_day)
    if intake.newcomers_only and intake.activity.type_key in who.kinds:
        yield TOOK_PART
    limit = intake.per_child or (of_term.per_child if of_term else None)
    if limit is not None and len(who.places - {intake.activity_id}) >= limit:
        yield Obstacle(
            "limit",
            Message("The child has a place in %(count)s activities already, and no more are given.", {"count": limit}),
            Message("Cancel one of them first."),
            waived_by=_OWN_RULE,
        )
    yield from _clashes(who, intake.activity_id, times, titles, now)


def first_day_left(intake: ActivityIntake, term: Term, times: Times, now: datetime) -> date:
    """Return the day of the activity's next session, by which ages count."""
    left = [one.starts_at.date() for one in ahead(times.get(intake.activity_id, ()), now)]
    return min(left, default=max(intake.activity.first or term.first, now.date()))


def _by_wishes(until: datetime) -> Obstacle:
    return Obstacle(
        "by_wishes",
        Message("Places are given together, by the families' wishes; these are taken until %(when)s.", {"when": until}),
        Message("Enter the family's wishes; what is left over is given afterwards."),
    )


def _whom_it_is_for(who: Candidate, intake: ActivityIntake, first_day: date) -> Iterator[Obstacle]:
    age = age_on(who.born, max(first_day, who.born))
    low, high = intake.from_age, intake.to_age
    if (low is not None and age < low) or (high is not None and age > high):
        values = {"low": low if low is not None else 0, "high": high if high is not None else 17}
        yield Obstacle("age", Message("It is for ages %(low)s to %(high)s.", values), None, _OWN_RULE)
    if intake.grades and who.grade is None:
        yield NO_GRADE
    elif intake.grades and who.grade is not None and who.grade.value not in intake.grades:
        listed = tuple(grade.label for grade in Grade if grade.value in intake.grades)
        yield Obstacle("grade", Message("It is for other grades: %(grades)s.", {"grades": listed}), None, _OWN_RULE)
    if intake.communities and str(who.station_id) not in intake.communities:
        yield Obstacle("community", Message("It is for the children of other communities."), None, _OWN_RULE)


def _clashes(
    who: Candidate, activity_id: UUID, times: Times, titles: Mapping[UUID, str], now: datetime
) -> Iterator[Obstacle]:
    own = ahead(times.get(activity_id, ()), now)
    for other in sorted(who.expected_at - {activity_id}, key=lambda key: titles.get(key, "")):
        if (met := first_meeting(own, ahead(times.get(other, ()), now))) is not None:
            where = Message("At the same time the child is expected elsewhere (%(when)s).", {"when": met.starts_at})
            if title := titles.get(other):
                values = {"title": title, "when": met.starts_at}
                where = Message("At the same time the child is at “%(title)s” (%(when)s).", values)
            yield Obstacle("clash", where, Message("Choose another activity, or cancel that one."), _OWN_RULE)
