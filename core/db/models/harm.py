"""The register of harm that was reported, and whom to call besides: when, by whom, to whom, and nothing of the case."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, LineageScoped, Moment, StationScoped, Text20, Text80, word
from core.db.models.user import User
from core.domain.vocabulary import HarmAuthority


class HarmReport(StationScoped, Base):
    """That somebody reported harm (未成年人保护法, art. 11); the database refuses to change or delete it."""

    __tablename__ = "harm_reports"

    id: Mapped[Key]
    #: Whom it concerns, where that was said. No foreign key: the entry stays as it is when the child's file goes.
    child_id: Mapped[UUID | None]
    reporter_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reported_at: Mapped[Moment]
    noted_at: Mapped[Moment]
    authority: Mapped[HarmAuthority] = mapped_column(word(HarmAuthority))
    #: Which office, where the word alone doesn't say it.
    authority_name: Mapped[Text80]
    #: The number under which the authority took it down.
    reference: Mapped[Text80]

    reporter: Mapped[User | None] = relationship()

    def __repr__(self) -> str:
        return f"<HarmReport {self.id}>"


class HarmContact(LineageScoped, Base):
    """Whom a station and all below it call besides the numbers that everybody knows: its police post, its hospital."""

    __tablename__ = "harm_contacts"

    id: Mapped[Key]
    name: Mapped[Text80]
    phone: Mapped[Text20]

    def __str__(self) -> str:
        return self.name
