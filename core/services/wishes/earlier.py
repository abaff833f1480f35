"""Who got nothing in earlier terms: counted from the lists that were given and the places that came of them."""

from collections import Counter
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Term
from core.db.queries import wishes as queries


def empty_terms(session: Session, term: Term) -> Counter[UUID]:
    """Return for each child how many of the station's earlier published terms it had wishes in and never a place.

    A list without a wish asked for nothing and doesn't count. The session must see everybody.
    """
    earlier = session.scalars(queries.published_before(term)).all()
    return Counter(row.child_id for row in session.scalars(queries.empty_handed(earlier)) if row.ranked)
