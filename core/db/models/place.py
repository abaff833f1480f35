"""Venues with their rooms, and the way between them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, StationScoped, Text80, Text200, word
from core.domain.vocabulary import VenueKind, Zone


class Venue(StationScoped, Base):
    """A site with an address."""

    __tablename__ = "venues"
    __table_args__ = (UniqueConstraint("station_id", "name"),)

    id: Mapped[Key]
    name: Mapped[Text80]
    kind: Mapped[VenueKind] = mapped_column(word(VenueKind))
    address: Mapped[Text200] = mapped_column(default="")
    #: As `Position` writes it, for the maps of calendars; empty where nobody has entered it.
    map_position: Mapped[Text80] = mapped_column(default="")

    rooms: Mapped[list["Room"]] = relationship(back_populates="venue", order_by="Room.name")

    def __str__(self) -> str:
        return self.name


class Room(StationScoped, Base):
    """A bookable space in a venue; `turnover` is the minutes kept free between two sessions."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("venue_id", "name"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("turnover >= 0", name="turnover"),
    )

    id: Mapped[Key]
    venue_id: Mapped[UUID] = mapped_column(ForeignKey("venues.id"), index=True)
    name: Mapped[Text80]
    zone: Mapped[Zone] = mapped_column(word(Zone))
    capacity: Mapped[int]
    features: Mapped[list[str]] = mapped_column(default=list)
    turnover: Mapped[int] = mapped_column(default=0)

    venue: Mapped[Venue] = relationship(back_populates="rooms")

    def __str__(self) -> str:
        return self.name


class TravelTime(StationScoped, Base):
    """Minutes between two venues, the same both ways; where no row stands, a default holds."""

    __tablename__ = "travel_times"
    __table_args__ = (
        UniqueConstraint("from_venue_id", "to_venue_id"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[Key]
    from_venue_id: Mapped[UUID] = mapped_column(ForeignKey("venues.id"))
    to_venue_id: Mapped[UUID] = mapped_column(ForeignKey("venues.id"))
    minutes: Mapped[int]
