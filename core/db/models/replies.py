"""Requests for duties and their answers, swaps, campaigns for availability, and volunteers' secret links."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, BySecret, Key, LocalTime, Moment, StationScoped, Text80, Text2000, word
from core.db.models.activity import ActivitySession, SessionStatus
from core.db.models.place import Room
from core.db.models.volunteer import Volunteer
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.replies import CampaignAnswer, RequestOrigin, RequestState, ServingRules, SwapState

_LIVE = text("state IN ('asked', 'accepted')")
_OPEN = text("state IN ('offered', 'taken')")


class DutyRequest(StationScoped, Base):
    """What somebody was asked for and said: a duty in a session at a time, published or in a draft.

    A duty that nobody was asked about has none. The answer holds for the time that it was given for.
    """

    __tablename__ = "duty_requests"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("state <> 'asked' OR deadline IS NOT NULL", name="asked_has_a_deadline"),
        CheckConstraint("state <> 'proposed' OR proposed_at IS NOT NULL", name="proposed_when"),
        Index(
            "uq_duty_requests_live",
            "session_id",
            "volunteer_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_duty_requests_due", "state", "deadline"),
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    role: Mapped[Text80]
    origin: Mapped[RequestOrigin] = mapped_column(word(RequestOrigin))
    starts_at: Mapped[LocalTime]
    ends_at: Mapped[LocalTime]
    #: Where a draft holds the session; of a published one its own room counts.
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id", ondelete="SET NULL"))
    #: The draft that the question came from; it is None for published sessions.
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    state: Mapped[RequestState] = mapped_column(word(RequestState), default=RequestState.ASKED)
    asked_at: Mapped[Moment]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    deadline: Mapped[Moment | None]
    remind_at: Mapped[Moment | None]
    reminded_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    #: Why not, in their own words.
    sealed_reason: Mapped[Sealed | None] = mapped_column("reason", Encrypted())
    reason = SealedText[str | None]("sealed_reason")
    proposed_at: Mapped[LocalTime | None]
    #: Where it comes to nothing, the next best person is asked.
    go_on: Mapped[bool] = mapped_column(default=False)
    #: When that was done, or there was nobody left; None as long as it is still to be done.
    went_on_at: Mapped[Moment | None]

    session: Mapped[ActivitySession] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
    room: Mapped[Room | None] = relationship()

    @property
    def stands(self) -> bool:
        """Tell whether it is still about something: a draft, or a session that is held at the time asked about."""
        held = self.session.status is SessionStatus.HELD and self.session.starts_at == self.starts_at
        return self.plan_id is not None or held

    def __repr__(self) -> str:
        return f"<DutyRequest {self.id}>"


class DutySwap(StationScoped, Base):
    """A duty that its volunteer offers to others; it stays theirs until somebody else has it."""

    __tablename__ = "duty_swaps"
    __table_args__ = (
        CheckConstraint("state NOT IN ('taken', 'done') OR taken_by_id IS NOT NULL", name="taken_by_somebody"),
        CheckConstraint("taken_by_id IS NULL OR taken_by_id <> volunteer_id", name="taken_by_another"),
        Index(
            "uq_duty_swaps_open", "session_id", "volunteer_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[Key]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    role: Mapped[Text80]
    starts_at: Mapped[LocalTime]
    state: Mapped[SwapState] = mapped_column(word(SwapState), default=SwapState.OFFERED)
    offered_at: Mapped[Moment]
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[Moment | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[Moment | None]

    session: Mapped[ActivitySession] = relationship()
    volunteer: Mapped[Volunteer] = relationship(foreign_keys=[volunteer_id])
    taken_by: Mapped[Volunteer | None] = relationship(foreign_keys=[taken_by_id])


class AvailabilityCampaign(StationScoped, Base):
    """A question to many at once: when can you serve between two days, please say so by then."""

    __tablename__ = "availability_campaigns"
    __table_args__ = (CheckConstraint("first <= last", name="first_before_last"),)

    id: Mapped[Key]
    title: Mapped[Text80]
    note: Mapped[Text2000] = mapped_column(default="")
    first: Mapped[date]
    last: Mapped[date]
    deadline: Mapped[Moment]
    remind_at: Mapped[Moment]
    reminded_at: Mapped[Moment | None]
    asked_at: Mapped[Moment]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    closed_at: Mapped[Moment | None]

    answers: Mapped[list["CampaignReply"]] = relationship(cascade="all, delete-orphan")


class CampaignReply(StationScoped, Base):
    """Somebody whom a campaign asks, and whether they have answered."""

    __tablename__ = "campaign_replies"
    __table_args__ = (
        UniqueConstraint("campaign_id", "volunteer_id"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("availability_campaigns.id", ondelete="CASCADE"))
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    answer: Mapped[CampaignAnswer | None] = mapped_column(word(CampaignAnswer))
    answered_at: Mapped[Moment | None]

    volunteer: Mapped[Volunteer] = relationship()


class VolunteerLink(BySecret, Base):
    """A volunteer's secret address, which opens their requests and nothing else."""

    __tablename__ = "volunteer_links"

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Moment]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]

    def __repr__(self) -> str:
        return f"<VolunteerLink {self.id}>"


class StationServing(StationScoped, Base):
    """A station's own `ServingRules`."""

    __tablename__ = "serving_rules"
    __table_args__ = (
        UniqueConstraint("station_id"),
        CheckConstraint("rest BETWEEN 0 AND 720", name="rest"),
        CheckConstraint("per_week > 0", name="per_week"),
        CheckConstraint("minors_from < minors_until", name="minors_from_before_until"),
        CheckConstraint("late_hours BETWEEN 0 AND 336", name="late_hours"),
        CheckConstraint("reply_hours BETWEEN 1 AND 336", name="reply_hours"),
        CheckConstraint("remind_hours BETWEEN 1 AND 336", name="remind_hours"),
    )

    id: Mapped[Key]
    rest: Mapped[int]
    per_week: Mapped[int | None]
    minors_from: Mapped[time]
    minors_until: Mapped[time]
    late_hours: Mapped[int]
    reply_hours: Mapped[int]
    remind_hours: Mapped[int]
    sign_up: Mapped[bool]
    #: Keys of programs, sorted.
    approve_swaps: Mapped[list[str]]

    @property
    def rules(self) -> ServingRules:
        """What the station minds."""
        return ServingRules(
            self.rest,
            self.per_week,
            self.minors_from,
            self.minors_until,
            self.late_hours,
            self.reply_hours,
            self.remind_hours,
            self.sign_up,
            frozenset(self.approve_swaps),
        )
