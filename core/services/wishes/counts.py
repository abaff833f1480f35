"""How many lists a term has: numbers without names."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.wishing import circles


@dataclass(frozen=True)
class ListsCounted:
    """A term's lists in numbers: how many have a wish, how many wishes in all, and how many children are together."""

    lists: int
    wishes: int
    together: int


def lists_counted(session: Session, term_id: UUID) -> ListsCounted:
    """Return the numbers of a term's lists, whoever sees which child."""
    with seeing_all(session):
        rows = [row for row in session.scalars(queries.lists_of(term_id)) if row.ranked]
        return ListsCounted(
            lists=len(rows),
            wishes=sum(len(row.ranked) for row in rows),
            together=sum(map(len, circles({row.code: row.friends for row in rows}))),
        )
