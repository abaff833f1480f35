"""Children, their guardians and the groups in which they attend; whatever names or describes a child is sealed."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, OfAChild, StationScoped, Text20, Text80, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.vocabulary import Relation, SensitiveField


class Child(StationScoped, Base):
    """One file per child (一人一档)."""

    __tablename__ = "children"
    __table_args__ = (
        UniqueConstraint("station_id", "number"),
        UniqueConstraint("id_number_index"),
        # The few sealed files are asked for at the beginning of every transaction.
        Index("ix_children_sealed", "id", sqlite_where=text("sealed_file"), postgresql_where=text("sealed_file")),
    )

    id: Mapped[Key]
    #: The station's own number of the file, by which a workbook names the child.
    number: Mapped[Text20]
    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted())
    name = SealedText[str]("sealed_name")
    sealed_id_number: Mapped[Sealed] = mapped_column("id_number", Encrypted(SensitiveField.ID_NUMBER))
    id_number = SealedText[str]("sealed_id_number")
    #: Keyed HMAC of the ID number: finds a child by it and refuses the same child twice.
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_birth_date: Mapped[Sealed] = mapped_column("birth_date", Encrypted())
    birth_date = SealedText[str]("sealed_birth_date")
    sealed_address: Mapped[Sealed | None] = mapped_column("address", Encrypted(SensitiveField.ADDRESS))
    address = SealedText[str | None]("sealed_address")
    sealed_health: Mapped[Sealed | None] = mapped_column("health", Encrypted(SensitiveField.HEALTH))
    health = SealedText[str | None]("sealed_health")
    #: Named workers and the head alone reach it, and all that hangs on it (`SealedChildWorker`).
    sealed_file: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]

    guardians: Mapped[list["Guardian"]] = relationship(cascade="all, delete-orphan")
    categories: Mapped[list["ChildCategoryMark"]] = relationship(cascade="all, delete-orphan")
    memberships: Mapped[list["GroupMember"]] = relationship(cascade="all, delete-orphan")

    def __repr__(self) -> str:
        return f"<Child {self.id}>"


class Guardian(OfAChild, Base):
    """Somebody who answers for a child."""

    __tablename__ = "guardians"

    id: Mapped[Key]
    relation: Mapped[Relation] = mapped_column(word(Relation))
    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted())
    name = SealedText[str]("sealed_name")
    sealed_phone: Mapped[Sealed] = mapped_column("phone", Encrypted(SensitiveField.CONTACTS))
    phone = SealedText[str]("sealed_phone")
    phone_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)

    def __repr__(self) -> str:
        return f"<Guardian {self.id}>"


class ChildCategoryMark(OfAChild, Base):
    """One category of a child; sealed, because a category is nobody's business who does not need it."""

    __tablename__ = "child_categories"

    id: Mapped[Key]
    sealed_category: Mapped[Sealed] = mapped_column("category", Encrypted(SensitiveField.CATEGORIES))
    category = SealedText[str]("sealed_category")

    def __repr__(self) -> str:
        return f"<ChildCategoryMark {self.id}>"


class Group(StationScoped, Base):
    """Children who attend together; `closed` groups never show on a public page."""

    __tablename__ = "groups"
    __table_args__ = (
        UniqueConstraint("station_id", "name"),
        CheckConstraint("from_age <= to_age", name="from_age_before_to_age"),
    )

    id: Mapped[Key]
    name: Mapped[Text80]
    from_age: Mapped[int]
    to_age: Mapped[int]
    #: Its sessions of a day should follow one another.
    compact: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


class GroupMember(OfAChild, Base):
    """A child in a group."""

    __tablename__ = "group_members"
    __table_args__ = (UniqueConstraint("group_id", "child_id"),)

    id: Mapped[Key]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
