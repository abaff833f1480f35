"""Volunteers: who they are, what they can do, whether they are cleared, and when they can serve."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, word
from core.db.models.availability import VolunteerAnswer
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.person_documents import PersonDocument
from core.domain.serving import Stage, Step
from core.domain.vocabulary import Skill, VolunteerKind


class Volunteer(StationScoped, Base):
    """Somebody who works near the children of a station: a volunteer, or one of the staff, a contractor, a speaker.

    `stage` follows from the steps; it stands here as well, because the database's own guard looks at it.
    """

    __tablename__ = "volunteers"
    __table_args__ = (
        UniqueConstraint("station_id", "number"),
        CheckConstraint("max_sessions >= 0", name="max_sessions"),
        CheckConstraint("max_per_day >= 0", name="max_per_day"),
    )

    id: Mapped[Key]
    #: The station's own number of the volunteer, by which a workbook names them.
    number: Mapped[Text20]
    name: Mapped[Text80]
    kind: Mapped[VolunteerKind] = mapped_column(word(VolunteerKind))
    birth_date: Mapped[date]
    #: People of one household share it; None: lives with nobody else who volunteers.
    household: Mapped[Text20 | None]
    sealed_phone: Mapped[Sealed | None] = mapped_column("phone", Encrypted())
    phone = SealedText[str | None]("sealed_phone")
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    max_sessions: Mapped[int]
    max_per_day: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    stage: Mapped[Stage] = mapped_column(word(Stage), default=Stage.APPLICANT)
    #: When a guardian of somebody under age agreed in writing.
    guardian_consent_on: Mapped[date | None]
    #: When they agreed that their data is kept.
    data_consent_on: Mapped[date | None]
    #: Of which document the number is; of numbers older than this column they tell themselves.
    document: Mapped[PersonDocument | None] = mapped_column(word(PersonDocument))
    sealed_id_number: Mapped[Sealed | None] = mapped_column("id_number", Encrypted())
    id_number = SealedText[str | None]("sealed_id_number")
    #: Whom to call when something happens to them.
    sealed_emergency_contact: Mapped[Sealed | None] = mapped_column("emergency_contact", Encrypted())
    emergency_contact = SealedText[str | None]("sealed_emergency_contact")
    sealed_motivation: Mapped[Sealed | None] = mapped_column("motivation", Encrypted())
    motivation = SealedText[str | None]("sealed_motivation")
    #: When they said that they could come, in their own words.
    sealed_free_times: Mapped[Sealed | None] = mapped_column("free_times", Encrypted())
    free_times = SealedText[str | None]("sealed_free_times")
    #: Skills that they say they have; what is proved stands among `skills`.
    claimed_skills: Mapped[list[str]] = mapped_column(default=list)
    #: Insurer and number of the policy.
    insurance: Mapped[Text80] = mapped_column(default="")
    insured_until: Mapped[date | None]
    #: Until when the head keeps the file though its period is over, and why.
    kept_until: Mapped[date | None]
    sealed_kept_reason: Mapped[Sealed | None] = mapped_column("kept_reason", Encrypted())
    kept_reason = SealedText[str | None]("sealed_kept_reason")

    skills: Mapped[list["VolunteerSkill"]] = relationship(cascade="all, delete-orphan")
    clearances: Mapped[list["Clearance"]] = relationship(cascade="all, delete-orphan", order_by="Clearance.checked_on")
    availabilities: Mapped[list["Availability"]] = relationship(cascade="all, delete-orphan")
    blackouts: Mapped[list["Blackout"]] = relationship(cascade="all, delete-orphan")
    answer: Mapped[VolunteerAnswer | None] = relationship(cascade="all, delete-orphan")
    likes: Mapped[list["VolunteerLike"]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list["VolunteerStep"]] = relationship(
        cascade="all, delete-orphan", order_by="(VolunteerStep.happened_on, VolunteerStep.noted_at)"
    )

    def __str__(self) -> str:
        return self.name


class VolunteerStep(StationScoped, Base):
    """Something that happened on somebody's way into the station or out of it; steps are added and never changed."""

    __tablename__ = "volunteer_steps"

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    step: Mapped[Step] = mapped_column(word(Step))
    happened_on: Mapped[date]
    noted_at: Mapped[Moment]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    sealed_note: Mapped[Sealed | None] = mapped_column("note", Encrypted())
    note = SealedText[str | None]("sealed_note")


class VolunteerSkill(StationScoped, Base):
    """One skill of a volunteer, with the day on which its proof runs out, if it does."""

    __tablename__ = "volunteer_skills"
    __table_args__ = (UniqueConstraint("volunteer_id", "skill"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    skill: Mapped[Skill] = mapped_column(word(Skill))
    valid_until: Mapped[date | None]
    #: When it was proved, or given by a training.
    granted_on: Mapped[date | None]
    #: The training that gave it: an activity's id, which outlives the activity.
    training_id: Mapped[UUID | None]
    #: The stored file that proves it.
    proof_id: Mapped[UUID | None]


class Clearance(StationScoped, Base):
    """The dated result of a background check (Law on the Protection of Minors, art. 62); the outcome, no findings."""

    __tablename__ = "clearances"
    __table_args__ = (CheckConstraint("checked_on <= valid_until", name="checked_before_it_ends"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    checked_on: Mapped[date]
    valid_until: Mapped[date]
    passed: Mapped[bool]
    authority: Mapped[Text80] = mapped_column(default="")
    #: The number under which the authority answered.
    reference: Mapped[Text80] = mapped_column(default="")
    noted_at: Mapped[Moment | None]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class Availability(StationScoped, Base):
    """When a volunteer can serve: on a weekday, or with weekday None on every day, between two times and two dates."""

    __tablename__ = "availabilities"
    __table_args__ = (
        CheckConstraint("from_time < to_time", name="from_before_to"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    #: Monday is 0.
    weekday: Mapped[int | None]
    from_time: Mapped[time]
    to_time: Mapped[time]
    first: Mapped[date | None]
    last: Mapped[date | None]


class Blackout(StationScoped, Base):
    """Days on which a volunteer can't serve."""

    __tablename__ = "blackouts"
    __table_args__ = (CheckConstraint("first <= last", name="first_before_last"),)

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    first: Mapped[date]
    last: Mapped[date]


class VolunteerLike(StationScoped, Base):
    """How much a volunteer likes to serve in an activity; negative: would rather not."""

    __tablename__ = "volunteer_likes"
    __table_args__ = (
        UniqueConstraint("volunteer_id", "activity_id"),
        CheckConstraint("liking BETWEEN -3 AND 3", name="liking"),
    )

    id: Mapped[Key]
    volunteer_id: Mapped[UUID] = mapped_column(ForeignKey("volunteers.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    liking: Mapped[int]
