"""A child's ranked list: read, saved with the number of the revision that was seen, never lost and never doubled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random, SystemRandom
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import Child, Term, WishList
from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.db.wish_guard import WISH_GUARD
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.wishing import MOST_FRIENDS, is_code, new_code, new_number, tidy_code
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.registration.desk import lock_children
from core.services.registration.prospects import require_in_reach
from core.services.stations import stations_offering_to
from core.services.wishes.choices import choices_among
from core.services.wishes.rounds import NO_WISHES, Round, round_of, the_round

_RANDOM: Final[Random] = SystemRandom()


@dataclass(frozen=True)
class WishDraft:
    """What a family would like: ids of activities, the dearest first; how many at most; the codes of friends."""

    ranked: tuple[UUID, ...] = ()
    most: int | None = None
    friends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Friend:
    """Somebody whom a list names by a code; it counts once the other family names this child too.

    A code that nobody has looks the same as one whose family hasn't answered.
    """

    code: str
    mutual: bool


@dataclass(frozen=True)
class Wishes:
    """A child's list as it is stored; `revision` is 0, and number and code are empty, while there is none."""

    child_id: UUID
    term_id: UUID
    revision: int = 0
    ranked: tuple[UUID, ...] = ()
    most: int | None = None
    friends: tuple[Friend, ...] = ()
    number: str = ""
    code: str = ""
    changed_at: datetime | None = None
    by_family: bool = field(default=False)

    @property
    def draft(self) -> WishDraft:
        """The list as a draft that would change nothing."""
        return WishDraft(self.ranked, self.most, tuple(one.code for one in self.friends))


class WishesClosedError(ConflictError):
    """Wishes are not taken yet, or no more."""

    code = "wishes_closed"


class ListChangedError(ConflictError):
    """Somebody else has saved the list meanwhile: nothing was overwritten; `theirs` is stored, `mine` was to be."""

    code = "list_changed"

    def __init__(self, theirs: Wishes, mine: WishDraft) -> None:
        super().__init__(Message("Somebody else has changed this list meanwhile: compare both, then save again."))
        self.theirs, self.mine = theirs, mine


class NotForChildError(InvalidInputError):
    """Something was wished for that the child can't have and no paper cures; `obstacles` say why, by activity."""

    code = "not_for_child"

    def __init__(self, obstacles: dict[UUID, tuple[Obstacle, ...]]) -> None:
        first = next(iter(obstacles.values()))[0]
        super().__init__(Message("The child can't have one of these: %(why)s", {"why": first.reason}))
        self.obstacles = obstacles


def wishes_of(session: Session, desk: Desk, child_id: UUID, term_id: UUID) -> Wishes:
    """Return the list of a child in reach, an empty one where it has none; for staff."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    require_in_reach(session, {child_id}, ())
    with seeing_all(session):
        return stored(session, child_id, term_id)


def save_wishes(session: Session, desk: Desk, child_id: UUID, term_id: UUID, draft: WishDraft, *, seen: int) -> Wishes:
    """Save the list of a child in reach, of which revision `seen` was shown, and return it; for staff.

    The same list again changes nothing, whatever was seen. Raises ListChangedError where another revision is stored,
    WishesClosedError outside the round's time, NotForChildError, and InvalidInputError for what can't be right.
    """
    require(desk.actor, Capability.REGISTER_CHILDREN)
    require_in_reach(session, {child_id}, ())
    with seeing_all(session):
        return keep_list(session, desk, child_id, term_id, draft, seen=seen)


def keep_list(
    session: Session,
    desk: Desk,
    child_id: UUID,
    term_id: UUID,
    draft: WishDraft,
    *,
    seen: int,
    guardian_id: UUID | None = None,
) -> Wishes:
    """Save a child's list as `save_wishes` does, for whoever may; the session must see everybody."""
    mine = _tidy(draft)
    child = lock_children(session, [child_id])[child_id]
    of_term = require_open(session, desk, term_id)
    _require_of_its_station(session, child, term_id)
    row = session.scalars(queries.list_of(child_id, term_id)).one_or_none()
    if row is not None and _says(row, mine):
        return stored(session, child_id, term_id)
    if seen != (row.revision if row else 0):
        raise ListChangedError(stored(session, child_id, term_id), mine)
    _check(of_term, mine, own_code=row.code if row else "")
    known = frozenset(row.ranked) if row else frozenset()
    _check_choices(session, desk, child, term_id, [one for one in mine.ranked if str(one) not in known])
    row = _written(desk, row or _new(desk, child, term_id), mine, guardian_id)
    session.add(row)
    flush_lists(session)
    note_list(session, desk, row, "wishes.saved")
    return stored(session, child_id, term_id)


def require_open(session: Session, desk: Desk, term_id: UUID) -> Round:
    """Return a term's round, which nobody closes until the transaction ends; WishesClosedError outside its time.

    The time is read only after whoever was closing it has done so.
    """
    missing = session.scalars(queries.round_of(term_id)).one_or_none() is None
    session.scalars((queries.term_intake_locked if missing else queries.term_intake_shared)(term_id)).one_or_none()
    found = round_of(session, term_id)
    if found is None:
        raise NotFoundError(NO_WISHES)
    the_round(session, term_id)
    if not found.is_open(desk.now):
        values = {"from": found.wishes_from, "until": found.wishes_until}
        raise WishesClosedError(Message("Wishes are taken from %(from)s until %(until)s.", values))
    return found


def stored(session: Session, child_id: UUID, term_id: UUID) -> Wishes:
    """Return a child's list as it is stored; the session must see everybody, for friends of other stations."""
    row = session.scalars(queries.list_of(child_id, term_id)).one_or_none()
    if row is None:
        return Wishes(child_id, term_id)
    named = session.scalars(queries.lists_by_code(term_id, row.friends)).all()
    naming = {one.code for one in named if row.code in one.friends}
    return Wishes(
        child_id=child_id,
        term_id=term_id,
        revision=row.revision,
        ranked=tuple(UUID(one) for one in row.ranked),
        most=row.most,
        friends=tuple(Friend(code, code in naming) for code in row.friends),
        number=row.number,
        code=row.code,
        changed_at=row.changed_at,
        by_family=row.guardian_id is not None,
    )


def flush_lists(session: Session) -> None:
    """Write what was changed; WishesClosedError where the database's own guard found the round closed."""
    try:
        session.flush()
    except IntegrityError as error:
        if WISH_GUARD not in str(error.orig):
            raise
        raise WishesClosedError(Message("Wishes are not taken any more.")) from None


def note_list(session: Session, desk: Desk, row: WishList, action: str) -> None:
    """Record what a list says now, by ids, in the log of the child's station."""
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=row.station_id,
        action=action,
        subject_kind="child",
        subject_id=row.child_id,
        detail={
            "term": row.term_id.hex,
            "revision": row.revision,
            "activities": [UUID(one).hex for one in row.ranked],
            "most": row.most,
            "friends": len(row.friends),
            "guardian": row.guardian_id.hex if row.guardian_id else None,
        },
    )


def _new(desk: Desk, child: Child, term_id: UUID) -> WishList:
    return WishList(
        station_id=child.station_id,
        child_id=child.id,
        term_id=term_id,
        number=new_number(_RANDOM),
        code=new_code(_RANDOM),
        revision=0,
        entered_at=desk.clock.now(),
    )


def _written(desk: Desk, row: WishList, mine: WishDraft, guardian_id: UUID | None) -> WishList:
    row.ranked, row.most, row.friends = [str(one) for one in mine.ranked], mine.most, list(mine.friends)
    row.revision += 1
    row.changed_at, row.changed_by, row.guardian_id = desk.clock.now(), desk.actor.user_id, guardian_id
    return row


def _says(row: WishList, mine: WishDraft) -> bool:
    return (row.ranked, row.most, row.friends) == ([str(one) for one in mine.ranked], mine.most, list(mine.friends))


def _tidy(draft: WishDraft) -> WishDraft:
    codes = dict.fromkeys(tidy for one in draft.friends if (tidy := tidy_code(one)))
    return WishDraft(draft.ranked, draft.most, tuple(codes))


def _check(of_term: Round, mine: WishDraft, own_code: str) -> None:
    if len(set(mine.ranked)) != len(mine.ranked):
        raise InvalidInputError(Message("An activity stands on the list twice."))
    if len(mine.ranked) > of_term.most_wishes:
        raise InvalidInputError(Message("A list has at most %(most)s wishes.", {"most": of_term.most_wishes}))
    if mine.most is not None and not 1 <= mine.most <= (of_term.per_child or of_term.most_wishes):
        most = of_term.per_child or of_term.most_wishes
        raise InvalidInputError(Message("Say a number of activities from 1 to %(most)s.", {"most": most}))
    if len(mine.friends) > MOST_FRIENDS:
        raise InvalidInputError(Message("Name at most %(most)s friends.", {"most": MOST_FRIENDS}))
    if own_code in mine.friends or not all(map(is_code, mine.friends)):
        raise InvalidInputError(
            Message("A friend's code has six letters and figures, and is not the child's own: look at it again.")
        )


def _require_of_its_station(session: Session, child: Child, term_id: UUID) -> None:
    """Refuse a term of a station that isn't the child's, nor above it: nobody would give it a place there."""
    if session.get_one(Term, term_id).station_id not in stations_offering_to(session, child.station_id):
        raise NotFoundError(Message("The term is of a station that doesn't look after this child."))


def _check_choices(
    session: Session, desk: Desk, child: Child, term_id: UUID, added: Sequence[UUID] | Collection[UUID]
) -> None:
    """Refuse what the child can't have; what stood on the list before stays whatever has changed since."""
    found = {one.activity_id: one for one in choices_among(session, desk, child, term_id, added)}
    if unknown := [one for one in added if one not in found]:
        raise NotFoundError(Message("%(count)s of these activities take no wishes.", {"count": len(unknown)}))
    if barred := {key: one.obstacles for key, one in found.items() if not one.can_wish}:
        raise NotForChildError(barred)
