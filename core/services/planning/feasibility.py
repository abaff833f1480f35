"""Whether an activity can work, said before anything is planned: starts, rooms and people, and what to relax."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Term
from core.db.queries import planning as queries
from core.domain.errors import Message
from core.domain.vocabulary import Skill
from core.hooks.calling import Hooks, PluginFailedError
from core.planning.moments import day_of
from core.planning.problem import Room
from core.planning.prospects import Verdict
from core.planning.reasons.scene import suits
from core.services.planning.case import Case
from core.services.planning.easings import Easing, easings
from core.services.planning.hindrances import hindrances
from core.services.planning.surroundings import surroundings

#: Longer than this nobody who fills in a form waits for what plain counting leaves open; seconds.
_PATIENCE = 0.25


@dataclass(frozen=True)
class RoleOutlook:
    """Who could fill a role: `people` have its skill and a valid clearance on some day of the term.

    At `enough_at` starts as many as are required are available; at the worst start `fewest`, at half of the starts no
    more than `typical`.
    """

    label: Message | str
    skill: Skill | None
    required: int
    people: int
    enough_at: int
    fewest: int
    typical: int


@dataclass(frozen=True)
class Feasibility:
    """What an activity that had its term to itself could hope for; nothing here is stored.

    `starts` on `days` days are possible by the calendar; at `roomy` of them one of the suitable `rooms` is open and not
    booked by another term, and at `safe` of those `min_adults` adults could be there. At most `most` sessions could be
    held, of `asked`. `reasons` say why it can't be held or is tight, the main one first; each of `easings` was verified
    by computing again.
    """

    verdict: Verdict
    asked: int
    most: int
    starts: int
    days: int
    needs_room: bool
    rooms: tuple[str, ...]
    roomy: int
    min_adults: int
    safe: int
    roles: tuple[RoleOutlook, ...]
    reasons: tuple[Message, ...]
    easings: tuple[Easing, ...]


@dataclass(frozen=True)
class Outlook:
    """In short, for a list: whether an activity works, and the main reason if it doesn't or is tight."""

    verdict: Verdict
    reason: Message | None


def feasibility(
    session: Session, hooks: Hooks, term: Term, activity: Activity, *, timezone: str, now: datetime
) -> Feasibility:
    """Return whether an activity can be held in a term, other activities aside.

    The activity need not be stored: one that isn't is left alone, and so is the session. `now` is the station's
    wall-clock time without offset. Raises PluginFailedError where a program can't say what it demands.
    """
    around = surroundings(session, term, timezone=timezone, now=now)
    case = Case.of(session, hooks, around, activity, seconds=_PATIENCE)
    found = case.prospect
    return Feasibility(
        verdict=found.verdict,
        asked=found.asked,
        most=found.most,
        starts=len(found.starts),
        days=len({day_of(start) for start in found.starts}),
        needs_room=case.planned.needs_room,
        rooms=_rooms(case),
        roomy=len(found.roomy),
        min_adults=case.planned.min_adults,
        safe=len(found.safe),
        roles=_roles(case),
        reasons=hindrances(case),
        easings=easings(case),
    )


def outlooks(session: Session, hooks: Hooks, term: Term, *, timezone: str, now: datetime) -> Mapping[UUID, Outlook]:
    """Return for each activity of a term, each taken alone, whether it works.

    One whose program fails or isn't installed is left out.
    """
    around = surroundings(session, term, timezone=timezone, now=now)
    found: dict[UUID, Outlook] = {}
    for activity in _known(hooks, session.scalars(queries.activities_of(term.id))):
        try:
            case = Case.of(session, hooks, around, activity, seconds=_PATIENCE)
        except PluginFailedError:
            continue
        found[activity.id] = Outlook(case.prospect.verdict, next(iter(hindrances(case)), None))
    return found


def _known(hooks: Hooks, activities: Iterable[Activity]) -> list[Activity]:
    return [activity for activity in activities if activity.type_key in hooks.activity_types]


def _rooms(case: Case) -> tuple[str, ...]:
    """Return the names of the rooms that suit the activity and are large enough, whenever they are open."""

    def fits(room: Room) -> bool:
        return suits(case.planned, room) and room.capacity >= case.planned.size

    rows = zip(case.around.room_rows, case.problem.rooms, strict=True)
    return tuple(row.name for row, room in rows if case.planned.needs_room and fits(room))


def _roles(case: Case) -> tuple[RoleOutlook, ...]:
    outlook = []
    for role in case.planned.roles:
        able = case.prospect.able[role.role]
        skilled = {one.id for one in case.problem.people if role.skill is None or role.skill in one.skills}
        outlook.append(
            RoleOutlook(
                label=case.role_labels[role.role],
                skill=Skill(role.skill) if role.skill else None,
                required=role.required,
                people=len(skilled & case.cleared),
                enough_at=sum(count >= role.required for count in able),
                fewest=min(able, default=0),
                typical=median_low(able) if able else 0,
            )
        )
    return tuple(outlook)
