"""Duties as invitations by mail, with the identity that they have in the volunteer's own feed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.couriers.letter import Invitation
from core.db.models import FeedItem, Installation, OutboxNotice, Station, Volunteer
from core.db.models.feed import FeedKind
from core.db.queries import notices as queries
from core.domain.actor import Actor
from core.domain.errors import Message, NotFoundError
from core.feeds.entry import FeedEntry
from core.feeds.itip import Party, file_of, invitation, method_of
from core.services.feeds import DUTY, SESSION, Choices, Reader, entry_of
from core.services.notices.post import Post, Reach
from core.services.notices.words import item_of


def invitation_of(session: Session, post: Post, row: OutboxNotice, reach: Reach) -> Invitation | None:
    """Return the invitation to a volunteer's duty; None where their calendar doesn't say anything of it."""
    item = item_of(session, row)
    if item is None or item.kind is not FeedKind.VOLUNTEER or row.volunteer_id is None or not post.organizer:
        return None
    entry = entry_of_item(session, item, reach.language, post.site)
    organizer = Party(post.organizer, session.get_one(Station, row.station_id).name)
    attendee = Party(reach.to, session.get_one(Volunteer, row.volunteer_id).name)
    content = invitation(entry, organizer, attendee, answer=post.answers_are_read)
    return Invitation(method_of(entry), content)


def file_of_session(session: Session, session_id: UUID, reader: Actor, language: str, site: str) -> bytes:
    """Return a session as a calendar file: the reader's own duty, else what the station's calendar says of it.

    The caller has made sure that the reader may know of the session. NotFoundError where no calendar speaks of it yet.
    """
    own = None
    if reader.volunteer_id is not None:
        own = session.scalars(queries.entry_of_volunteer(session_id, reader.volunteer_id)).one_or_none()
    item = own if own is not None and not own.cancelled else None
    item = item or session.scalars(queries.entry_of_station(session_id)).first() or own
    if item is None:
        raise NotFoundError(Message("There is no such session."))
    return file_of(entry_of_item(session, item, language, site))


def entry_of_item(session: Session, item: FeedItem, language: str, site: str) -> FeedEntry:
    """Return what a feed says of a session as an entry by itself, with its identity there."""
    installation = session.scalars(select(Installation)).one()
    kind = DUTY if item.kind is FeedKind.VOLUNTEER else SESSION
    return entry_of(item, kind, installation, Reader(Choices(language), site))
