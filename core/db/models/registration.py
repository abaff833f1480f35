"""Registration: what a term and its activities take, and the children who are registered."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LocalTime, Moment, OfAChild, StationScoped, Text200, word
from core.db.models.activity import Activity
from core.db.models.child import Group
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.registering import Channel, OfferHours, Place, Way

_LIVE = text("state IN ('placed', 'waiting', 'offered')")


class TermIntake(StationScoped, Base):
    """How a term's places are given, and when; moments are of the station's wall clock."""

    __tablename__ = "term_intakes"
    __table_args__ = (
        CheckConstraint("(wishes_from IS NULL) = (wishes_until IS NULL)", name="wishes_both_or_none"),
        CheckConstraint("wishes_from IS NULL OR wishes_from < wishes_until", name="wishes_in_order"),
        CheckConstraint("closes_at IS NULL OR (opens_at IS NOT NULL AND opens_at < closes_at)", name="opens_first"),
        CheckConstraint("offer_hours BETWEEN 1 AND 336", name="offer_hours"),
        CheckConstraint("per_child IS NULL OR per_child > 0", name="per_child"),
    )

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), unique=True)
    #: What activities take where nobody chooses otherwise.
    way: Mapped[Way] = mapped_column(word(Way), default=Way.FIRST_COME)
    wishes_from: Mapped[LocalTime | None]
    wishes_until: Mapped[LocalTime | None]
    opens_at: Mapped[LocalTime | None]
    closes_at: Mapped[LocalTime | None]
    #: In how many activities of the term a child may have a place.
    per_child: Mapped[int | None]
    #: How long a freed place is kept for the family it was offered to; the quiet hours don't count.
    offer_hours: Mapped[int] = mapped_column(default=24)
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_until: Mapped[time] = mapped_column(default=time(8))

    @property
    def offers(self) -> OfferHours:
        """How long a family may think about an offer."""
        return OfferHours(self.offer_hours, self.quiet_from, self.quiet_until)


class ActivityIntake(StationScoped, Base):
    """What an activity takes in registration; its row is locked by whoever gives a place or takes one back.

    The database itself refuses more children with a place, or with one that is offered, than `capacity`.
    """

    __tablename__ = "activity_intakes"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("minimum BETWEEN 0 AND capacity", name="minimum_within_capacity"),
        CheckConstraint("from_age <= to_age", name="from_age_before_to_age"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_first"),
        CheckConstraint("per_child IS NULL OR per_child > 0", name="per_child"),
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), unique=True)
    #: Its members are the children who have a place.
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id"), unique=True)
    way: Mapped[Way] = mapped_column(word(Way), default=Way.FIRST_COME)
    capacity: Mapped[int]
    #: With fewer children it isn't held; on `minimum_by` somebody has to decide.
    minimum: Mapped[int] = mapped_column(default=0)
    minimum_by: Mapped[date | None]
    from_age: Mapped[int | None]
    to_age: Mapped[int | None]
    #: `Grade`s; empty: all.
    grades: Mapped[list[str]] = mapped_column(default=list)
    #: Ids of the stations and communities whose children it is for; empty: all.
    communities: Mapped[list[str]] = mapped_column(default=list)
    #: Only for children who never were in an activity of this kind.
    newcomers_only: Mapped[bool] = mapped_column(default=False)
    #: None: as the term says.
    opens_at: Mapped[LocalTime | None]
    closes_at: Mapped[LocalTime | None]
    per_child: Mapped[int | None]
    #: The position that the next child on the waiting list gets; no position is ever given twice.
    next_position: Mapped[int] = mapped_column(default=1)
    #: Set for ever when the activity was given up: nobody is registered any more.
    given_up_on: Mapped[date | None]

    activity: Mapped[Activity] = relationship()
    group: Mapped[Group] = relationship()


class Registration(OfAChild, Base):
    """A child's registration for an activity, of the station that offers it; what it once was stays in it."""

    __tablename__ = "registrations"
    __table_args__ = (
        # A form that is sent twice registers once.
        UniqueConstraint("request_id", "child_id", "activity_id"),
        UniqueConstraint("activity_id", "position"),
        Index(
            "uq_registrations_live", "child_id", "activity_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index("ix_registrations_taken", "activity_id", "state"),
        CheckConstraint("state <> 'waiting' OR position IS NOT NULL", name="waiting_has_a_position"),
        CheckConstraint("state <> 'offered' OR offered_until IS NOT NULL", name="offered_has_an_end"),
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity_intakes.activity_id"))
    #: Of the form, file or page by which it came; several registrations share it.
    request_id: Mapped[UUID] = mapped_column(index=True)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    state: Mapped[Place] = mapped_column(word(Place))
    #: What it was before it ended, so that the end can be taken back.
    former: Mapped[Place | None] = mapped_column(word(Place, name="former"))
    #: On the waiting list, from 1; kept when the child gets a place.
    position: Mapped[int | None]
    offered_until: Mapped[Moment | None]
    #: Whose place was offered, while nobody has answered.
    place_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("registrations.id", ondelete="SET NULL"))
    #: Somebody decided, with a reason, that it comes before those who wait longer.
    first_since: Mapped[Moment | None]
    #: The codes for which it was passed over when a place was free; empty once it counts again.
    passed_over: Mapped[list[str]] = mapped_column(default=list)
    #: The codes of the rules that were waived for it, and why they and the order were.
    waived: Mapped[list[str]] = mapped_column(default=list)
    sealed_reason: Mapped[Sealed | None] = mapped_column("reason", Encrypted())
    reason = SealedText[str | None]("sealed_reason")
    #: The family doesn't know yet what the station last did.
    to_tell: Mapped[bool] = mapped_column(default=False)
    #: What the family is to be told beside where it stands.
    notice: Mapped[Text200] = mapped_column(default="")
    registered_at: Mapped[Moment]
    registered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[Moment]

    def __repr__(self) -> str:
        return f"<Registration {self.id}>"
