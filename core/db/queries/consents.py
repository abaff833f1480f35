"""The ledger of consents, its texts, guardians' leaves and their secret addresses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from core.db.models import (
    ActivityGroup,
    ActivitySession,
    Child,
    ChildFeedItem,
    Consent,
    ConsentText,
    FeedItem,
    GroupMember,
    Guardian,
    GuardianLeave,
    GuardianLink,
)
from core.db.models.feed import FeedKind
from core.domain.vocabulary import ConsentPurpose, LegalBasis


def of_child(child_id: UUID) -> Select[Consent]:
    """All that the ledger holds of a child, the newest first."""
    return select(Consent).where(Consent.child_id == child_id).order_by(Consent.given_on.desc(), Consent.purpose)


def counting(day: date) -> Select[Consent]:
    """The rows that count on a day: given, not over and not withdrawn."""
    return select(Consent).where(
        Consent.given_on <= day,
        or_(Consent.valid_until.is_(None), Consent.valid_until >= day),
        or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day),
    )


def of_guardian(guardian: Guardian, day: date, *, unnoted: bool) -> Select[Consent]:
    """The consents counting on a day that a guardian has given; with `unnoted` those too of which nobody noted whose.

    What another guardian has given is never among them.
    """
    own = Consent.guardian_id == guardian.id
    return counting(day).where(
        Consent.child_id == guardian.child_id,
        Consent.basis == LegalBasis.CONSENT,
        or_(own, Consent.guardian_id.is_(None)) if unnoted else own,
    )


def ending(first: date, last: date) -> Select[Consent, Child]:
    """Consents that count and whose last day is one of these, with the child, the soonest first."""
    return (
        counting(first)
        .add_columns(Child)
        .join(Child, Child.id == Consent.child_id)
        .where(Consent.valid_until <= last)
        .order_by(Consent.valid_until, Child.number)
    )


def of_older_texts(day: date) -> Select[Consent, Child]:
    """Consents that count and were given to an older text than the one in force, with the child."""
    newest = newest_versions(day).subquery()
    return (
        counting(day)
        .add_columns(Child)
        .join(Child, Child.id == Consent.child_id)
        .join(newest, newest.c.purpose == Consent.purpose)
        .where(
            Consent.basis == LegalBasis.CONSENT,
            or_(Consent.text_version.is_(None), Consent.text_version < newest.c.version),
        )
        .order_by(Child.number, Consent.purpose)
    )


def newest_versions(day: date) -> Select[ConsentPurpose, int]:
    """The version in force of each purpose's text."""
    newest = func.max(ConsentText.version).label("version")
    return select(ConsentText.purpose, newest).where(ConsentText.valid_from <= day).group_by(ConsentText.purpose)


def texts_of(purpose: ConsentPurpose) -> Select[ConsentText]:
    """A purpose's texts, the newest version first."""
    return select(ConsentText).where(ConsentText.purpose == purpose).order_by(ConsentText.version.desc())


def guardians_of(child_id: UUID) -> Select[Guardian]:
    """A child's guardians, as they were entered."""
    return select(Guardian).where(Guardian.child_id == child_id).order_by(Guardian.id)


def leave_of(guardian_id: UUID) -> Select[GuardianLeave]:
    """What was decided about a guardian."""
    return select(GuardianLeave).where(GuardianLeave.guardian_id == guardian_id)


def leaves_of_child(child_id: UUID) -> Select[GuardianLeave]:
    """What was decided about a child's guardians."""
    return select(GuardianLeave).where(GuardianLeave.child_id == child_id)


def link_of_token(token_hash: bytes) -> Select[GuardianLink]:
    """The address with this secret."""
    return select(GuardianLink).where(GuardianLink.token_hash == token_hash)


def link_of_feed(feed_hash: bytes) -> Select[GuardianLink]:
    """The address whose calendar has this secret."""
    return select(GuardianLink).where(GuardianLink.feed_hash == feed_hash)


def live_links(child_id: UUID, now: datetime) -> Select[GuardianLink]:
    """A child's addresses that are neither revoked nor over, the newest first."""
    return (
        select(GuardianLink)
        .where(GuardianLink.child_id == child_id, GuardianLink.revoked_at.is_(None), GuardianLink.expires_at > now)
        .order_by(GuardianLink.created_at.desc(), GuardianLink.id)
    )


def items_of_child(child_id: UUID) -> Select[FeedItem]:
    """What the station's feed says of the sessions of a child's groups, by time; nothing once the child has left."""
    sessions = (
        select(ActivitySession.id)
        .join(ActivityGroup, ActivityGroup.activity_id == ActivitySession.activity_id)
        .join(GroupMember, GroupMember.group_id == ActivityGroup.group_id)
        .join(Child, Child.id == GroupMember.child_id)
        .where(Child.id == child_id, Child.left_on.is_(None))
    )
    return (
        select(FeedItem)
        .where(FeedItem.kind == FeedKind.STATION, FeedItem.session_id.in_(sessions))
        .order_by(FeedItem.starts_at, FeedItem.id)
    )


def calendar_of_child(child_id: UUID) -> Select[ChildFeedItem]:
    """What the calendar of a child's guardians has said so far."""
    return select(ChildFeedItem).where(ChildFeedItem.child_id == child_id)
