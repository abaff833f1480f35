"""The program's own table: the agreements with partner schools."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.plugin_api import Base, Key, StationScoped, Text80, Text200


class SchoolAgreement(StationScoped, Base):
    """What a station has agreed with a school: for how long, for which rooms, and whose task it is at the school.

    `contact` is an office or a function, never a person's name.
    """

    __tablename__ = "school_link_agreements"
    __table_args__ = (
        UniqueConstraint("station_id", "school", "valid_from"),
        CheckConstraint("valid_from <= valid_until", name="from_before_until"),
    )

    id: Mapped[Key]
    school: Mapped[Text80]
    rooms: Mapped[Text200]
    contact: Mapped[Text80]
    valid_from: Mapped[date]
    valid_until: Mapped[date]

    def __str__(self) -> str:
        return self.school
