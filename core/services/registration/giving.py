"""Registering: a place or a position on the waiting list at once, for several children and activities together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CAPACITY_GUARD
from core.db.models import ActivityIntake, Child, GroupMember, Registration
from core.db.queries import registration as queries
from core.db.scope import scope_of, seeing_all, set_scope
from core.domain.actor import Scope
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, DomainError, Message
from core.domain.registering import Channel, Place
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.audit import Deed, record_together
from core.services.desk import Desk
from core.services.registration.desk import deed, lock_children, lock_intakes
from core.services.registration.offers import pass_on
from core.services.registration.prospects import Circumstances, Prospect, require_in_reach, within_reach
from core.services.registration.waiving import tidy_reason, unwaived

FULL: Final = Obstacle(
    "full", Message("All places are taken."), Message("Register the child at the desk: then it waits for one.")
)
REGISTERED: Final = Obstacle("registered", Message("The child is registered for this already."))


@dataclass(frozen=True)
class Wanted:
    """A child for an activity."""

    child_id: UUID
    activity_id: UUID


@dataclass(frozen=True)
class Outcome:
    """What came of one child's wish: a registration and where it stands, or what stood in the way.

    `repeated`: the same request was answered before, and this is that answer as it is now.
    """

    child_id: UUID
    activity_id: UUID
    registration_id: UUID | None = None
    state: Place | None = None
    position: int | None = None
    obstacles: tuple[Obstacle, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Form:
    """What somebody sends: children for activities, and with a reason all that they may waive is waived.

    `scope` is what they reach.
    """

    scope: Scope
    desk: Desk
    request_id: UUID
    wanted: tuple[Wanted, ...]
    channel: Channel = Channel.DESK
    reason: str = ""


Outcomes = tuple[Outcome, ...]


def register(
    session: Session,
    desk: Desk,
    request_id: UUID,
    wanted: Sequence[Wanted],
    *,
    channel: Channel = Channel.DESK,
    reason: str = "",
) -> Outcomes:
    """Register children for activities, and return what came of each in the order in which they were wanted.

    A request that comes twice is answered twice and carried out once. With a reason all that the actor may waive is
    waived. Whatever is refused doesn't keep the rest from being done.
    """
    form = Form(scope_of(session), desk, request_id, tuple(wanted), channel, reason)
    require(desk.actor, Capability.REGISTER_CHILDREN)
    tidy_reason(reason)
    _require_in_reach(session, form)
    (outcomes,) = _carried_out(session, [form])
    return outcomes


def register_together(session: Session, forms: Sequence[Form]) -> Sequence[Outcomes | DomainError]:
    """Carry forms out in their order, as `register` would each, and return what came of each, or why it was refused.

    Whoever sent it, a form reaches what its own scope reaches. What fails otherwise fails for all of them.
    """
    refused = dict(_refused_forms(session, forms))
    done = iter(_carried_out(session, [form for number, form in enumerate(forms) if number not in refused]))
    return [refused[number] if number in refused else next(done) for number in range(len(forms))]


def place_together(session: Session, desk: Desk, request_id: UUID, placed: Iterable[Wanted]) -> Outcomes:
    """Give the places that were given together, by families' wishes, in one step; what can't be had waits or isn't.

    Rules are asked once more: what has changed since the allocation was made shows in the outcomes.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    form = Form(scope_of(session), desk, request_id, tuple(placed), Channel.ALLOCATION)
    _require_in_reach(session, form)
    (outcomes,) = _carried_out(session, [form])
    return outcomes


def _refused_forms(session: Session, forms: Sequence[Form]) -> Iterator[tuple[int, DomainError]]:
    """Yield the numbers of the forms that are refused as a whole, with the reason."""
    reached = {narrow: _reached(session, narrow, forms) for narrow in {_narrow(form.scope) for form in forms}}
    for number, form in enumerate(forms):
        try:
            require(form.desk.actor, Capability.REGISTER_CHILDREN)
            tidy_reason(form.reason)
            children, activities = reached[_narrow(form.scope)]
            if not all(one.child_id in children and one.activity_id in activities for one in form.wanted):
                set_scope(session, form.scope)
                _require_in_reach(session, form)
        except DomainError as error:
            yield number, error


def _narrow(scope: Scope) -> Scope:
    """Return what everybody of the same stations reaches, without the sealed files that some of them see."""
    return replace(scope, user_id=None, sees_sealed=False)


def _reached(session: Session, narrow: Scope, forms: Sequence[Form]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return which children and activities of all forms of such a scope are within it: one question for all."""
    wanted = [one for form in forms if _narrow(form.scope) == narrow for one in form.wanted]
    set_scope(session, narrow)
    return within_reach(session, {one.child_id for one in wanted}, {one.activity_id for one in wanted})


def _require_in_reach(session: Session, form: Form) -> None:
    require_in_reach(session, {one.child_id for one in form.wanted}, {one.activity_id for one in form.wanted})


def _carried_out(session: Session, forms: Sequence[Form]) -> Sequence[Outcomes]:
    if not forms:
        return ()
    with seeing_all(session):
        children = lock_children(session, {one.child_id for form in forms for one in form.wanted})
        intakes = lock_intakes(session, {one.activity_id for form in forms for one in form.wanted})
        return Round(session, forms, children, intakes).outcomes()


class Round:
    """Forms that are carried out one after the other on what was looked up once; what they bring is written at the end.

    The session sees everybody; the children and then the activities are locked.
    """

    def __init__(
        self,
        session: Session,
        forms: Sequence[Form],
        children: Mapping[UUID, Child],
        intakes: Mapping[UUID, ActivityIntake],
    ) -> None:
        self._session, self._forms, self._children, self._intakes = session, forms, children, intakes
        self._rows: list[Registration | GroupMember] = []
        self._deeds: list[Deed] = []
        rows = session.scalars(queries.of_requests({form.request_id for form in forms}))
        self._known = {(row.request_id, row.child_id, row.activity_id): row for row in rows}
        self._look()

    def outcomes(self) -> Sequence[Outcomes]:
        """Carry the forms out."""
        found = [tuple(self._one(form, one) for one in dict.fromkeys(form.wanted)) for form in self._forms]
        self._write()
        return found

    def _look(self) -> None:
        self._around = Circumstances(
            self._session, self._forms[0].desk, self._children.values(), self._intakes.values()
        )

    def _one(self, form: Form, wanted: Wanted) -> Outcome:
        child, intake = self._children[wanted.child_id], self._intakes[wanted.activity_id]
        key = (form.request_id, child.id, intake.activity_id)
        if (known := self._known.get(key)) is not None:
            return _answer(known, repeated=True)
        prospect = self._around.prospect(child, intake, form.channel)
        if refused := self._refused(form, prospect, intake):
            return Outcome(child.id, intake.activity_id, obstacles=refused)
        self._known[key] = row = self._set_down(form, prospect, intake, child)
        return _answer(row)

    def _refused(self, form: Form, prospect: Prospect, intake: ActivityIntake) -> tuple[Obstacle, ...]:
        if prospect.state is not None:
            return (REGISTERED,)
        if standing := unwaived(form.desk.actor, prospect.obstacles, tidy_reason(form.reason)):
            return standing
        if prospect.waiting and self._is_free(intake):
            # A place became free without anybody having been told: those who wait come first.
            self._write()
            pass_on(self._session, form.desk, intake)
            self._look()
        return (FULL,) if form.channel is Channel.WALK_IN and not self._is_free(intake) else ()

    def _is_free(self, intake: ActivityIntake) -> bool:
        return self._around.taken(intake.activity_id) < intake.capacity

    def _set_down(self, form: Form, prospect: Prospect, intake: ActivityIntake, child: Child) -> Registration:
        """Give the child a place, or the next position on the waiting list."""
        now, desk = form.desk.clock.now(), form.desk
        row = Registration(
            station_id=intake.station_id,
            child_id=child.id,
            activity_id=intake.activity_id,
            request_id=form.request_id,
            channel=form.channel,
            waived=sorted({one.code for one in prospect.obstacles}),
            registered_at=now,
            registered_by=desk.actor.user_id,
            changed_at=now,
        )
        row.reason = tidy_reason(form.reason) if row.waived else None
        if self._is_free(intake):
            row.state = Place.PLACED
        else:
            row.state, row.position = Place.WAITING, intake.next_position
            intake.next_position += 1
        self._rows.append(row)
        if row.state is Place.PLACED and not self._around.is_in(child.id, intake.group_id):
            self._rows.append(GroupMember(station_id=child.station_id, group_id=intake.group_id, child_id=child.id))
        self._around.note(row, intake.group_id)
        said = {"position": row.position, "waived": row.waived, "channel": form.channel.value}
        self._deeds.append(deed(desk, intake, row, row.state.value, **said))
        return row

    def _write(self) -> None:
        """Write what was brought so far; the database has the last word."""
        try:
            self._session.add_all(self._rows)
            record_together(self._session, self._deeds)
        except IntegrityError as error:
            if CAPACITY_GUARD not in str(error.orig):
                raise
            # Without its cause: the database's message may quote a row.
            raise ConflictError(Message("The last place was given this moment: load the page again.")) from None
        self._rows, self._deeds = [], []


def _answer(row: Registration, *, repeated: bool = False) -> Outcome:
    return Outcome(row.child_id, row.activity_id, row.id, row.state, row.position, repeated=repeated)
