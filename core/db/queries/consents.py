"""The ledger of consents, its texts, guardians' leaves and their secret addresses."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.db.models import (
    ActivityGroup,
    ActivitySession,
    Child,
    ChildFeedItem,
    ChildFile,
    Consent,
    ConsentText,
    FeedItem,
    GroupMember,
    Guardian,
    GuardianLeave,
    GuardianLink,
)
from core.db.models.feed import FeedKind
from core.domain.vocabulary import ChildFileKind, ConsentHow, ConsentPurpose, GuardianAccess, LegalBasis


def of_child(child_id: UUID) -> Select[Consent]:
    """All that the ledger holds of a child, the newest first."""
    return select(Consent).where(Consent.child_id == child_id).order_by(Consent.given_on.desc(), Consent.purpose)


def counting(day: date) -> Select[Consent]:
    """The rows that count on a day: given, not over and not withdrawn."""
    return select(Consent).where(counts_on(Consent, day))


def counts_on(row: type[Consent], day: date) -> ColumnElement[bool]:
    """Whether a row counts on a day."""
    return and_(
        row.given_on <= day,
        or_(row.valid_until.is_(None), row.valid_until >= day),
        or_(row.withdrawn_on.is_(None), row.withdrawn_on > day),
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


def without_basis(day: date) -> Select[Child]:
    """The children with neither consent nor duty by which their data is kept on a day, but those who left."""
    basis = select(Consent.id).where(
        Consent.child_id == Child.id, Consent.purpose == ConsentPurpose.DATA, counts_on(Consent, day)
    )
    return select(Child).where(Child.left_on.is_(None), ~basis.exists()).order_by(Child.number, Child.id)


def ending(first: date, last: date) -> Select[Consent, Child]:
    """Consents that count and whose last day is one of these, the soonest first; none that another one outlasts.

    Of several that end on one day it is the one noted last.
    """
    other = aliased(Consent)
    outlasting = select(other.id).where(
        other.child_id == Consent.child_id,
        other.purpose == Consent.purpose,
        counts_on(other, first),
        or_(
            other.valid_until.is_(None),
            other.valid_until > Consent.valid_until,
            and_(other.valid_until == Consent.valid_until, other.id > Consent.id),
        ),
    )
    return (
        _with_children(first)
        .where(Consent.valid_until <= last, ~outlasting.exists())
        .order_by(Consent.valid_until, Child.number, Consent.id)
    )


def of_older_texts(day: date) -> Select[Consent, Child]:
    """Consents that count, to an older text than the one in force, where nobody has agreed to that one meanwhile.

    Of several for one purpose of a child it is the one given last.
    """
    newest, other = newest_versions(day).subquery(), aliased(Consent)
    since = select(other.id).where(
        other.child_id == Consent.child_id,
        other.purpose == Consent.purpose,
        other.basis == LegalBasis.CONSENT,
        counts_on(other, day),
        or_(
            other.text_version >= newest.c.version,
            other.given_on > Consent.given_on,
            and_(other.given_on == Consent.given_on, other.id > Consent.id),
        ),
    )
    return (
        _with_children(day)
        .join(newest, newest.c.purpose == Consent.purpose)
        .where(
            Consent.basis == LegalBasis.CONSENT,
            or_(Consent.text_version.is_(None), Consent.text_version < newest.c.version),
            ~since.exists(),
        )
        .order_by(Child.number, Consent.purpose, Consent.id)
    )


def without_scan(day: date) -> Select[Consent, Child]:
    """Consents that count, given by signature, of which no scan is kept, with the child."""
    scan = select(ChildFile.id).where(ChildFile.id == Consent.scan_id)
    return (
        _with_children(day)
        .where(Consent.basis == LegalBasis.CONSENT, Consent.how == ConsentHow.PAPER, ~scan.exists())
        .order_by(Child.number, Consent.given_on, Consent.id)
    )


def _with_children(day: date) -> Select[Consent, Child]:
    """What counts on a day, with the child, but of those who left."""
    return counting(day).add_columns(Child).join(Child, Child.id == Consent.child_id).where(Child.left_on.is_(None))


def counted(query: Select[*tuple[Any, ...]]) -> Select[int]:
    """How many rows a query of this module finds."""
    return query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)


def scans_of(child_id: UUID) -> Select[UUID]:
    """The scans of signed papers that are kept of a child."""
    return select(ChildFile.id).where(ChildFile.child_id == child_id, ChildFile.kind == ChildFileKind.CONSENT)


def agreeing(purpose: ConsentPurpose, day: date) -> Select[UUID, UUID | None]:
    """Each guardian whose consent to a purpose counts, with the child; of those not noted one for each child."""
    return (
        _with_children(day)
        .where(Consent.basis == LegalBasis.CONSENT, Consent.purpose == purpose)
        .with_only_columns(Consent.child_id, Consent.guardian_id)
        .distinct()
    )


def resting_on_texts(purpose: ConsentPurpose, day: date) -> Select[int | None, int]:
    """How many consents to a purpose count on a day, by the version of their text."""
    return (
        _with_children(day)
        .where(Consent.basis == LegalBasis.CONSENT, Consent.purpose == purpose)
        .with_only_columns(Consent.text_version, func.count(Consent.id))
        .group_by(Consent.text_version)
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


def with_a_calendar(now: datetime) -> Select[UUID, datetime | None]:
    """Children whose guardians have a calendar that answers, and when one of these was last fetched."""
    return (
        select(GuardianLink.child_id, func.max(GuardianLink.feed_fetched_at))
        .join(GuardianLeave, GuardianLeave.guardian_id == GuardianLink.guardian_id)
        .where(GuardianLeave.access == GuardianAccess.FULL, GuardianLink.feed_hash.is_not(None))
        .where(GuardianLink.revoked_at.is_(None), GuardianLink.expires_at > now)
        .group_by(GuardianLink.child_id)
    )


def items_of_children(children: Collection[UUID], ending_after: datetime) -> Select[UUID, FeedItem]:
    """What stations' feeds say of coming sessions of children's groups, by child; nothing of those who have left."""
    return (
        select(GroupMember.child_id, FeedItem)
        .join(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .join(ActivitySession, ActivitySession.activity_id == ActivityGroup.activity_id)
        .join(FeedItem, FeedItem.session_id == ActivitySession.id)
        .join(Child, Child.id == GroupMember.child_id)
        .where(GroupMember.child_id.in_(children), Child.left_on.is_(None))
        .where(FeedItem.kind == FeedKind.STATION, FeedItem.cancelled.is_(False), FeedItem.ends_at > ending_after)
    )


def calendars_of_children(children: Collection[UUID], ending_after: datetime) -> Select[ChildFeedItem]:
    """What the calendars of children's guardians have said of coming sessions."""
    return select(ChildFeedItem).where(ChildFeedItem.child_id.in_(children), ChildFeedItem.ends_at > ending_after)


def calendar_of_child(child_id: UUID) -> Select[ChildFeedItem]:
    """What the calendar of a child's guardians has said so far."""
    return select(ChildFeedItem).where(ChildFeedItem.child_id == child_id)
