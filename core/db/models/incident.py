"""The register of incidents with people's data: what happened, how many it concerns, who was told, without names."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text80, Text2000, word
from core.db.models.user import User
from core.domain.incidents import IncidentKind


class Incident(StationScoped, Base):
    """That data was lost, changed or seen by others (PIPL, art. 57); the database refuses to change or delete it.

    What is learnt later is a further entry, which names the first one by its number.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("children >= 0", name="children"),
        CheckConstraint("(told_at IS NULL) = (told = '')", name="told_when"),
    )

    id: Mapped[Key]
    noticed_at: Mapped[Moment]
    kind: Mapped[IncidentKind] = mapped_column(word(IncidentKind))
    #: How many children it concerns, as far as one knows.
    children: Mapped[int]
    #: Which authority was told; empty: none yet.
    told: Mapped[Text80]
    told_at: Mapped[Moment | None]
    #: Whether those concerned, or their guardians, were told.
    families_told: Mapped[bool]
    measures: Mapped[Text2000]
    noted_at: Mapped[Moment]
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    noted_by: Mapped[User | None] = relationship()

    def __repr__(self) -> str:
        return f"<Incident {self.id}>"
