"""The demo's registrations: activities at every stage that a desk meets, with the demo's children."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, Child, GroupMember, Registration
from core.db.queries import registration as queries
from core.domain.ages import age_on
from core.domain.ids import new_id
from core.domain.registering import Channel, Place
from core.hooks.types import Audience
from core.services.desk import Desk
from core.services.registration.clashes import Times, ahead, first_meeting, published_times
from core.services.registration.ending import cancel
from core.services.registration.giving import Wanted, register
from core.services.registration.intakes import IntakeDraft, TermDraft, keep_intake, keep_term_intake

_FROM_AGE: Final = 6
_TO_AGE: Final = 12
#: After so many children in a row who can't join, nobody else is tried.
_TRIED: Final = 20
_DAYS_LEFT: Final = 3
_APART: Final = 23
#: So many more are open with so many places and nobody registered.
_MORE: Final = 4
_PLACES: Final = 20


@dataclass(frozen=True)
class _Stage:
    """What an activity takes, how many children come for it and by which way, and whether one of them goes again.

    Where one goes, another is offered the place, and at least one more waits.
    """

    capacity: int
    coming: int
    minimum: int = 0
    channel: Channel = Channel.DESK
    one_goes: bool = False

    @property
    def fewest(self) -> int:
        """Return with how many children the stage is reached."""
        return self.capacity + 2 if self.one_goes else min(self.coming, 1)


_STAGES: Final = (
    _Stage(10, 9),
    _Stage(5, 8, one_goes=True),
    _Stage(20, 3, minimum=8),
    _Stage(24, 8, channel=Channel.CLASS_LIST),
    _Stage(24, 6),
    _Stage(16, 2),
    _Stage(20, 0),
)


def fill_registration(session: Session, desk: Desk, term_id: UUID, audiences: Callable[[str], Audience]) -> None:
    """Open the term's registration and bring some of its activities to the stages of `_STAGES`, as far as they go.

    `audiences` tells for whom a type of activities is. Nothing is done once all sessions are over.
    """
    titles = _open_activities(session, desk, term_id, audiences)
    if not titles:
        return
    today = datetime.combine(desk.now.date(), time())
    keep_term_intake(session, desk, term_id, TermDraft(opens_at=today - timedelta(days=7), per_child=4))
    left = list(_STAGES)
    people = _children(session, desk)
    for activity_id in titles:
        # Others come for each activity, so that few of them are somewhere else at that time.
        begin = _APART * len(left) % max(1, len(people))
        comers = [*people[begin:], *people[:begin]]
        reached = next((stage for stage in left if _brought(session, desk, activity_id, stage, comers)), None)
        left = [stage for stage in left if stage is not reached]
    _open_some_apart(session, desk, term_id, titles)
    _let_two_meet(session, desk, term_id)


def _open_activities(
    session: Session, desk: Desk, term_id: UUID, audiences: Callable[[str], Audience]
) -> tuple[UUID, ...]:
    """Return the activities that children could be registered for, those that begin last first."""
    query = select(Activity).where(Activity.term_id == term_id, ~Activity.closed)
    rows = {row.id: row for row in session.scalars(query) if audiences(row.type_key) is Audience.CHILDREN}
    times = published_times(session, rows)
    begins = {key: left[0].starts_at for key, stretches in times.items() if (left := ahead(stretches, desk.now))}
    return tuple(sorted(begins, key=lambda key: (-begins[key].toordinal(), rows[key].title)))


def _children(session: Session, desk: Desk) -> Sequence[UUID]:
    """Return the children of the ages that activities take, by number."""
    rows = session.scalars(select(Child).where(Child.left_on.is_(None)).order_by(Child.number))
    day = desk.now.date()
    return [row.id for row in rows if _FROM_AGE <= age_on(day.fromisoformat(row.birth_date), day) <= _TO_AGE]


def _brought(session: Session, desk: Desk, activity_id: UUID, stage: _Stage, people: Sequence[UUID]) -> bool:
    """Bring an activity to a stage; where too few of the children can join, leave it as it was and return False."""
    day = desk.now.date() + timedelta(days=_DAYS_LEFT)
    draft = IntakeDraft(stage.capacity, from_age=_FROM_AGE, to_age=_TO_AGE)
    if stage.minimum:
        draft = replace(draft, minimum=stage.minimum, minimum_by=day)
    with session.begin_nested() as attempt:
        keep_intake(session, desk, activity_id, draft)
        came = list(islice(_registered(session, desk, activity_id, stage, people), stage.coming))
        if len(came) < stage.fewest:
            attempt.rollback()
            return False
        if stage.one_goes:
            cancel(session, desk, came[0])
    return True


def _registered(
    session: Session, desk: Desk, activity_id: UUID, stage: _Stage, people: Sequence[UUID]
) -> Iterator[UUID]:
    """Yield a registration for each child who can join; give up once none of several in a row could."""
    refused = 0
    for child in people:
        (outcome,) = register(session, desk, new_id(), [Wanted(child, activity_id)], channel=stage.channel)
        refused = refused + 1 if outcome.registration_id is None else 0
        if outcome.registration_id is not None:
            yield outcome.registration_id
        if refused == _TRIED:
            return


def _open_some_apart(session: Session, desk: Desk, term_id: UUID, activities: Sequence[UUID]) -> None:
    """Open a few more with all of their places free, no two at the same time, so that a child can join several."""
    times = published_times(session, activities)
    offered = {row.activity_id for row in session.scalars(queries.intakes_of(term_id))}
    apart: list[UUID] = []
    for activity in activities:
        if activity not in offered and not any(_meet(times, activity, other, desk.now) for other in apart):
            keep_intake(session, desk, activity, IntakeDraft(_PLACES, from_age=_FROM_AGE, to_age=_TO_AGE))
            apart.append(activity)
        if len(apart) == _MORE:
            return


def _let_two_meet(session: Session, desk: Desk, term_id: UUID) -> None:
    """Put one child who has a place into a group that meets at the same time, as after a change of the timetable."""
    offered = {row.activity_id for row in session.scalars(queries.intakes_of(term_id))}
    groups = session.execute(select(ActivityGroup.activity_id, ActivityGroup.group_id)).all()
    times = published_times(session, {row.activity_id for row in groups} | offered)
    placed = select(Registration).where(Registration.activity_id.in_(offered), Registration.state == Place.PLACED)
    for row in session.scalars(placed.order_by(Registration.registered_at)).all():
        own = set(session.scalars(select(GroupMember.group_id).where(GroupMember.child_id == row.child_id)))
        for activity, group in groups:
            if activity not in offered and group not in own and _meet(times, row.activity_id, activity, desk.now):
                session.add(GroupMember(station_id=row.station_id, group_id=group, child_id=row.child_id))
                session.flush()
                return


def _meet(times: Times, one: UUID, other: UUID, now: datetime) -> bool:
    return first_meeting(ahead(times[one], now), ahead(times[other], now)) is not None
