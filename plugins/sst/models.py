"""The program's own tables: the questions of the questionnaire, its sealed answers, and who may open them."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.plugin_api import (
    Base,
    Encrypted,
    Key,
    Message,
    Moment,
    OfAChild,
    Sealed,
    SealedText,
    StationScoped,
    Text200,
    Told,
    word,
)


class Occasion(StrEnum):
    """When a questionnaire is filled in."""

    BEFORE = "before"
    AFTER = "after"

    @property
    def label(self) -> Message:
        """What people call it."""
        return Message("Before the course") if self is Occasion.BEFORE else Message("After the course")


class Question(StationScoped, Base):
    """One of the five questions that a station asks; children answer it by a number from 1 to 5."""

    __tablename__ = "sst_questions"
    __table_args__ = (
        UniqueConstraint("station_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 5", name="number"),
    )

    id: Mapped[Key]
    number: Mapped[int]
    wording: Mapped[Text200]

    def __str__(self) -> str:
        return self.wording


class Answers(OfAChild, Base):
    """What a child answered before or after a course, sealed; it goes with the child's file and with the course."""

    __tablename__ = "sst_answers"
    __table_args__ = (UniqueConstraint("activity_id", "child_id", "occasion"),)
    told = Told(
        Message("Answers to the questionnaire"),
        {"occasion": Message("When it was filled in"), "answered_on": Message("Answered on")},
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    occasion: Mapped[Occasion] = mapped_column(word(Occasion))
    answered_on: Mapped[date]
    sealed_scores: Mapped[Sealed] = mapped_column("scores", Encrypted())
    #: Five digits from 1 to 5, in the order of the questions.
    scores = SealedText[str]("sealed_scores")

    def __str__(self) -> str:
        return f"{self.occasion} {self.answered_on:%Y-%m-%d}"


class Grant(StationScoped, Base):
    """Leave to enter and open a course's answers until a day: somebody else approves it, or refuses with a reason."""

    __tablename__ = "sst_grants"
    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> user_id", name="approved_by_another"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_when"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        CheckConstraint("refused_at IS NULL OR (approved_at IS NULL AND refusal IS NOT NULL)", name="refused_why"),
    )

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    reason: Mapped[Text200]
    valid_until: Mapped[date]
    asked_at: Mapped[Moment]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[Moment | None]
    refused_at: Mapped[Moment | None]
    sealed_refusal: Mapped[Sealed | None] = mapped_column("refusal", Encrypted())
    #: Why not, for whoever asked and for those who decide.
    refusal = SealedText[str | None]("sealed_refusal")

    def __str__(self) -> str:
        return self.reason
