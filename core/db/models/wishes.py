"""Wishes: how a term takes them, each child's ranked list, and the runs that give places for them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, OfAChild, StationScoped, Text20, Text80, Text200, word
from core.db.models.calendar import Term
from core.db.models.run import Run
from core.db.sealed import EncryptedContent, Sealed, SealedText
from core.domain.wishing import Errand

_OPEN = text("state IN ('queued', 'running')")
_PUBLISHED = text("errand = 'publish' AND state IN ('queued', 'running', 'done')")


class WishRound(StationScoped, Base):
    """How a term's wishes are taken and drawn; from when until when they are taken says its `TermIntake`."""

    __tablename__ = "wish_rounds"
    __table_args__ = (
        CheckConstraint("held_back_percent BETWEEN 0 AND 100", name="held_back_percent"),
        CheckConstraint("most_wishes BETWEEN 1 AND 50", name="most_wishes"),
        CheckConstraint("fewest_wishes BETWEEN 1 AND most_wishes", name="fewest_wishes"),
        # Nothing is drawn before the lists are closed.
        CheckConstraint("seed = '' OR closed_at IS NOT NULL", name="closed_before_the_draw"),
    )

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), unique=True)
    #: Share of each activity's places that is kept for children in difficulty.
    held_back_percent: Mapped[int] = mapped_column(default=0)
    most_wishes: Mapped[int] = mapped_column(default=10)
    #: What the page asks families for; fewer are taken all the same.
    fewest_wishes: Mapped[int] = mapped_column(default=1)
    #: Since when the lists are what they are; what they say, as `core.domain.wishing.list_lines` writes it, and the
    #: SHA-256 of it that was published then.
    closed_at: Mapped[Moment | None]
    sealed_lists: Mapped[Sealed | None] = mapped_column("lists", EncryptedContent(), deferred=True)
    lists = SealedText[str | None]("sealed_lists")
    digest: Mapped[Text80] = mapped_column(default="")
    #: The public draw from which ties are drawn, and where its numbers were read; empty before it.
    seed: Mapped[Text80] = mapped_column(default="")
    draw_issue: Mapped[Text20] = mapped_column(default="")
    drawn_on: Mapped[date | None]
    draw_source: Mapped[Text200] = mapped_column(default="")
    seed_entered_at: Mapped[Moment | None]
    seed_entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    term: Mapped[Term] = relationship()


class WishList(OfAChild, Base):
    """What a child would like in a term, the dearest first; nobody changes it once its round is closed."""

    __tablename__ = "wish_lists"
    __table_args__ = (
        UniqueConstraint("child_id", "term_id"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("most IS NULL OR most > 0", name="most"),
    )

    id: Mapped[Key]
    term_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), index=True)
    #: By this the child stands in what is published of the draw; the family alone is told.
    number: Mapped[Text20] = mapped_column(unique=True)
    #: Given to the families of friends, who name the child by it.
    code: Mapped[Text20] = mapped_column(unique=True)
    #: Ids of activities, the dearest first.
    ranked: Mapped[list[str]] = mapped_column(default=list)
    #: How many activities it would like at most; None: as many as the term gives.
    most: Mapped[int | None]
    #: Codes of those it wants to be with; who names it too is.
    friends: Mapped[list[str]] = mapped_column(default=list)
    #: Counts the changes, so that nobody overwrites one that they haven't seen.
    revision: Mapped[int] = mapped_column(default=1)
    entered_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    #: Who changed it last: an account, or the guardian at their address.
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    guardian_id: Mapped[UUID | None]

    def __repr__(self) -> str:
        return f"<WishList {self.id}>"


class AllocationRun(Run, Base):
    """Somebody's wish that a term's places be given together or published, what has become of it, and the result.

    Problem, allocation and reasons know children by the numbers of their lists; the first says for whom places are
    held back, so all three are sealed.
    """

    __tablename__ = "allocation_runs"
    __table_args__ = (
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("(errand = 'publish') = (result_id IS NOT NULL)", name="a_result_is_published"),
        Index(
            "uq_allocation_runs_one_open_per_term", "term_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        # Families are told once.
        Index(
            "uq_allocation_runs_published_once",
            "term_id",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
    )

    errand: Mapped[Errand] = mapped_column(word(Errand))
    #: The run whose result is published.
    result_id: Mapped[UUID | None] = mapped_column(ForeignKey("allocation_runs.id"))
    #: As the exchange format writes them.
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: With which the run began.
    seed: Mapped[Text80] = mapped_column(default="")
    sealed_problem: Mapped[Sealed | None] = mapped_column("problem", EncryptedContent(), deferred=True)
    problem = SealedText[str | None]("sealed_problem")
    sealed_allocation: Mapped[Sealed | None] = mapped_column("allocation", EncryptedContent(), deferred=True)
    allocation = SealedText[str | None]("sealed_allocation")
    #: Why a wish that is dearer than what came true didn't, by number and activity, as JSON.
    sealed_reasons: Mapped[Sealed | None] = mapped_column("reasons", EncryptedContent(), deferred=True)
    reasons = SealedText[str | None]("sealed_reasons")
    #: SHA-256 of the problem.
    digest: Mapped[Text80] = mapped_column(default="")
    #: What is shown of the result without opening it: counts and aims, nothing of a child.
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)

    term: Mapped[Term] = relationship()

    def __repr__(self) -> str:
        return f"<AllocationRun {self.id}>"
