"""Families who don't know yet what the station did: a place was offered, an offer ran out, an activity was given up."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.db.models import Activity, Child, Registration


def to_tell(session: Session) -> Sequence[Row[Registration, Child, Activity]]:
    """Return what families in reach don't know yet: offers first, those that end soonest before the others."""
    query = (
        select(Registration, Child, Activity)
        .join(Child, Child.id == Registration.child_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(Registration.to_tell)
        .order_by(Registration.offered_until.is_(None), Registration.offered_until, Registration.changed_at)
    )
    return session.execute(query).all()
