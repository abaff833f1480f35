"""Siblings and friends who want to be together, as staff put them: each then names the others by their codes."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import InvalidInputError, Message
from core.domain.wishing import MOST_FRIENDS
from core.security.permissions import require
from core.services.desk import Desk
from core.services.registration.desk import lock_children
from core.services.registration.prospects import require_in_reach
from core.services.wishes.lists import flush_lists, note_list, require_open

#: From the codes that a child names and those of the other children to the codes that it names then.
_Naming = Callable[[list[str], list[str]], list[str]]


def put_together(session: Session, desk: Desk, term_id: UUID, children: Sequence[UUID]) -> None:
    """Let children in reach, who all have lists, be together: each names each other one, beside whom it names already.

    InvalidInputError for fewer than two, for more than a family may name, and where one has no list yet.
    """

    def named(before: list[str], others: list[str]) -> list[str]:
        return [*before, *(code for code in others if code not in before)]

    _name(session, desk, term_id, children, named, "wishes.put_together")


def put_apart(session: Session, desk: Desk, term_id: UUID, children: Sequence[UUID]) -> None:
    """Let children in reach be together no longer: none of them names another of them."""

    def named(before: list[str], others: list[str]) -> list[str]:
        return [code for code in before if code not in others]

    _name(session, desk, term_id, children, named, "wishes.put_apart")


def _name(session: Session, desk: Desk, term_id: UUID, children: Sequence[UUID], named: _Naming, action: str) -> None:
    require(desk.actor, Capability.REGISTER_CHILDREN)
    wanted = frozenset(children)
    require_in_reach(session, wanted, ())
    if not 2 <= len(wanted) <= MOST_FRIENDS + 1:  # noqa: PLR2004 (nobody is together alone)
        raise InvalidInputError(Message("Choose from two to %(most)s children.", {"most": MOST_FRIENDS + 1}))
    with seeing_all(session):
        lock_children(session, wanted)
        require_open(session, desk, term_id)
        rows = session.scalars(queries.lists_of_children(term_id, wanted)).all()
        if len(rows) < len(wanted):
            raise InvalidInputError(Message("Enter the wishes of each of these children first."))
        for row in rows:
            codes = named(row.friends, [other.code for other in rows if other is not row])
            if len(codes) > MOST_FRIENDS:
                raise InvalidInputError(Message("Name at most %(most)s friends.", {"most": MOST_FRIENDS}))
            if codes != row.friends:
                row.friends, row.revision = codes, row.revision + 1
                row.changed_at, row.changed_by = desk.clock.now(), desk.actor.user_id
                flush_lists(session)
                note_list(session, desk, row, action)
