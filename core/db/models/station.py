"""Stations, a tree from the county down to the communities, with their hours and closed days."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, Text200, word
from core.domain.vocabulary import StationKind


class Station(Base):
    """An organization unit: county centre, station or community."""

    __tablename__ = "stations"
    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    id: Mapped[Key]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("stations.id"), index=True)
    kind: Mapped[StationKind] = mapped_column(word(StationKind))
    name: Mapped[Text80]
    #: What the public address of its timetable ends with.
    slug: Mapped[Text80] = mapped_column(unique=True)
    address: Mapped[Text200] = mapped_column(default="")
    phone: Mapped[Text20] = mapped_column(default="")
    #: The head says yes to each activity before it is planned.
    approves_activities: Mapped[bool] = mapped_column(default=False)
    #: Anybody sees its volunteers' hours while they may be objected to, by masked names.
    shows_hours: Mapped[bool] = mapped_column(default=False)
    #: How many years it keeps the files of children who left, and those below it; None: as long as the rule says.
    keeps_files_years: Mapped[int | None]

    parent: Mapped["Station | None"] = relationship(remote_side="Station.id")

    def __repr__(self) -> str:
        return f"<Station {self.name}>"

    def __str__(self) -> str:
        return self.name


class StationHours(StationScoped, Base):
    """When a station is open: on a weekday, or with weekday None on every open day; a day may have several rows."""

    __tablename__ = "station_hours"
    __table_args__ = (
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[Key]
    #: Monday is 0.
    weekday: Mapped[int | None]
    opens: Mapped[time]
    closes: Mapped[time]


class Closure(StationScoped, Base):
    """Days on which a station, a venue or a room is closed, such as the Spring Festival or a typhoon."""

    __tablename__ = "closures"
    __table_args__ = (CheckConstraint("first <= last", name="first_before_last"),)

    id: Mapped[Key]
    first: Mapped[date]
    last: Mapped[date]
    #: Closed from this time on; None: the whole day.
    from_time: Mapped[time | None]
    venue_id: Mapped[UUID | None] = mapped_column(ForeignKey("venues.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    reason: Mapped[Text200]
    created_at: Mapped[Moment]


class ProgramSwitch(StationScoped, Base):
    """A program that a station has switched off: nothing new is planned of it, and its data stays."""

    __tablename__ = "program_switches"
    __table_args__ = (UniqueConstraint("station_id", "program"),)

    id: Mapped[Key]
    program: Mapped[Text80]
    switched_off_at: Mapped[Moment]
