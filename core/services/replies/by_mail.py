"""Answers that somebody's calendar program sends by mail: they count for a question that is open, and for nothing else.

Anybody can write a mail in anybody's name, so a duty to which somebody has agreed isn't given up that way.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import FeedItem
from core.db.queries import replies as queries
from core.domain.errors import DomainError
from core.domain.replies import RequestState
from core.feeds.itip import Partstat
from core.services.desk import Desk
from core.services.replies.answering import accept, decline


def take_by_mail(desk: Desk, session: Session, duty: FeedItem, who: UUID, partstat: Partstat) -> bool:
    """Take an answer to the question about a duty, if there is one that is open; return whether it was taken.

    An answer that can't be taken any more, since the place is filled, is left: the letter said where to look.
    """
    live = session.scalars(queries.live_requests_of_session(duty.session_id)).all()
    asked = next((one for one in live if one.volunteer_id == who and one.state is RequestState.ASKED), None)
    deed = {Partstat.ACCEPTED: accept, Partstat.DECLINED: decline}.get(partstat)
    if asked is None or deed is None:
        return False
    try:
        with session.begin_nested():
            deed(session, desk, asked.id, who)
    except DomainError:
        return False
    return True
