"""What all tables share: names of constraints, kinds of columns, the station that a row belongs to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import Enum as Enumeration
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Time,
    Uuid,
    inspect,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from core.domain.ids import new_id
from core.domain.telling import Told

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment of the machine: aware UTC in Python, whatever the database forgets (SQLite drops time zones)."""

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The kind of value that it gives: a decorator doesn't take that over from what it decorates."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Store the moment in UTC without offset; refuse one that doesn't say its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment of the machine needs its zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


_TOLD_KINDS = (date, int, Enumeration)
Moment = Annotated[datetime, mapped_column(UtcDateTime())]
#: Wall-clock time of the station, without offset.
LocalTime = Annotated[datetime, mapped_column(DateTime())]
Text20 = Annotated[str, mapped_column(String(20))]
Text80 = Annotated[str, mapped_column(String(80))]
Text200 = Annotated[str, mapped_column(String(200))]
Text2000 = Annotated[str, mapped_column(String(2000))]


def word(kind: type[StrEnum], *, name: str | None = None) -> Enum:
    """Return a column type that stores an enumeration by its value, as text that the database checks.

    The check is named after the enumeration, or by `name` where a table has two columns of it.
    """
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=40,
        create_constraint=True,
        name=name or kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    """All tables. The key is made before the insert, because a field's seal is bound to its row."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as a plain class attribute)
        UUID: Uuid(),
        date: Date(),
        time: Time(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        list[dict[str, Any]]: JSON(),
    }

    def __init__(self, **values: Any) -> None:
        """Set the attributes named; raise TypeError for a name that the row doesn't have."""
        # The id comes first: a sealed field among the values needs it. A Base with a constructor of its own is given
        # none by SQLAlchemy that it could call.
        self.id = values.pop("id", None) or new_id()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}.")
            setattr(self, name, value)


#: Flask-Admin makes rows without calling __init__, so the key has a column default as well.
Key = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]


class StationScoped:
    """A row that belongs to a station: only actors of that station, or of one above it, ever see it."""

    station_id: Mapped[UUID] = mapped_column(ForeignKey("stations.id"), index=True)


class OfAChild(StationScoped):
    """A row that hangs on a child's file and goes with it: where the file is sealed, its named workers alone see it.

    Of a child whose data is under restricted use no program adds or changes one (core.db.restriction).
    """

    #: How a guardian's copy tells of a program's rows; core's own tables are told in core.services.copy_sections.
    told: ClassVar[Told | None] = None
    #: The attributes that are None until the row is over: to fill one ends what the row stands for, which is always
    #: allowed.
    ended_by: ClassVar[frozenset[str]] = frozenset()

    child_id: Mapped[UUID] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"), index=True)


def of_a_program(model: type[Base]) -> bool:
    """Tell whether a table is a program's and not core's."""
    return not model.__module__.startswith("core.")


def told_columns(model: type[OfAChild]) -> Mapping[str, type]:
    """Return the attributes of a program's table that a guardian's copy tells, with the kind of value that they hold.

    They are days, moments, numbers, flags and words; neither keys nor texts.
    """
    columns = {one.key: one.columns[0] for one in inspect(model).column_attrs}
    own = {key: column for key, column in columns.items() if not (column.primary_key or column.foreign_keys)}
    return {key: kind for key, column in own.items() if issubclass(kind := column.type.python_type, _TOLD_KINDS)}


class BySecret(StationScoped):
    """A row that opens a page of its station to whoever holds its secret, of which the SHA-256 alone is stored."""

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class LineageScoped:
    """A row that holds for a station and all below it, such as the county's school breaks: those below see it too."""

    station_id: Mapped[UUID] = mapped_column(ForeignKey("stations.id"), index=True)
