"""Children, their guardians and the groups in which they attend; whatever names or describes a child is sealed."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, OfAChild, StationScoped, Text20, Text80, word
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.child_file import LeftReason
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
    #: `IdDocument`; of files older than this column it is the resident ID card.
    sealed_document: Mapped[Sealed | None] = mapped_column("document", Encrypted(SensitiveField.ID_NUMBER))
    document = SealedText[str | None]("sealed_document")
    sealed_id_number: Mapped[Sealed | None] = mapped_column("id_number", Encrypted(SensitiveField.ID_NUMBER))
    id_number = SealedText[str | None]("sealed_id_number")
    #: Keyed HMAC of document and number: finds a child by it and refuses the same child twice.
    id_number_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    #: Keyed HMAC of name and birth date, by which files that may be of one child are found.
    name_birth_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    #: `Sex`.
    sealed_sex: Mapped[Sealed | None] = mapped_column("sex", Encrypted())
    sex = SealedText[str | None]("sealed_sex")
    sealed_birth_date: Mapped[Sealed] = mapped_column("birth_date", Encrypted())
    birth_date = SealedText[str]("sealed_birth_date")
    #: 民族.
    sealed_ethnicity: Mapped[Sealed | None] = mapped_column("ethnicity", Encrypted(SensitiveField.ID_NUMBER))
    ethnicity = SealedText[str | None]("sealed_ethnicity")
    sealed_school: Mapped[Sealed | None] = mapped_column("school", Encrypted())
    school = SealedText[str | None]("sealed_school")
    #: `Grade`, as it was in the school year `grade_year`.
    sealed_grade: Mapped[Sealed | None] = mapped_column("grade", Encrypted())
    grade = SealedText[str | None]("sealed_grade")
    grade_year: Mapped[int | None]
    sealed_address: Mapped[Sealed | None] = mapped_column("address", Encrypted(SensitiveField.ADDRESS))
    address = SealedText[str | None]("sealed_address")
    #: 户籍地址.
    sealed_registered_address: Mapped[Sealed | None] = mapped_column(
        "registered_address", Encrypted(SensitiveField.ADDRESS)
    )
    registered_address = SealedText[str | None]("sealed_registered_address")
    sealed_health: Mapped[Sealed | None] = mapped_column("health", Encrypted(SensitiveField.HEALTH))
    health = SealedText[str | None]("sealed_health")
    sealed_diet: Mapped[Sealed | None] = mapped_column("diet", Encrypted(SensitiveField.HEALTH))
    diet = SealedText[str | None]("sealed_diet")
    sealed_emergency_name: Mapped[Sealed | None] = mapped_column("emergency_name", Encrypted())
    emergency_name = SealedText[str | None]("sealed_emergency_name")
    sealed_emergency_relation: Mapped[Sealed | None] = mapped_column("emergency_relation", Encrypted())
    emergency_relation = SealedText[str | None]("sealed_emergency_relation")
    sealed_emergency_phone: Mapped[Sealed | None] = mapped_column("emergency_phone", Encrypted())
    emergency_phone = SealedText[str | None]("sealed_emergency_phone")
    #: What lists show and searches look at, in one piece: core.services.children.digest says what is in it. None in
    #: files that were last written before there was one.
    sealed_digest: Mapped[Sealed | None] = mapped_column("digest", Encrypted())
    digest = SealedText[str | None]("sealed_digest")
    left_on: Mapped[date | None]
    left_reason: Mapped[LeftReason | None] = mapped_column(word(LeftReason))
    #: Until when the head keeps the file though its period is over, and why.
    kept_until: Mapped[date | None]
    sealed_kept_reason: Mapped[Sealed | None] = mapped_column("kept_reason", Encrypted())
    kept_reason = SealedText[str | None]("sealed_kept_reason")
    #: Counts the changes, so that nobody overwrites one that they haven't seen.
    version: Mapped[int] = mapped_column(default=1)
    #: Named workers and the head alone reach it, and all that hangs on it (`SealedChildWorker`).
    sealed_file: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    changed_at: Mapped[Moment | None]

    guardians: Mapped[list["Guardian"]] = relationship(cascade="all, delete-orphan")
    categories: Mapped[list["ChildCategoryMark"]] = relationship(cascade="all, delete-orphan")
    memberships: Mapped[list["GroupMember"]] = relationship(cascade="all, delete-orphan")
    pick_ups: Mapped[list["PickUpPerson"]] = relationship(cascade="all, delete-orphan")

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
    #: Further phones, with spaces between them.
    sealed_more_phones: Mapped[Sealed | None] = mapped_column("more_phones", Encrypted(SensitiveField.CONTACTS))
    more_phones = SealedText[str | None]("sealed_more_phones")
    sealed_address: Mapped[Sealed | None] = mapped_column("address", Encrypted(SensitiveField.CONTACTS))
    address = SealedText[str | None]("sealed_address")

    def __repr__(self) -> str:
        return f"<Guardian {self.id}>"


class ChildCategoryMark(OfAChild, Base):
    """One category of a child; sealed, because a category is nobody's business who does not need it."""

    __tablename__ = "child_categories"
    __table_args__ = (
        CheckConstraint("from_day IS NULL OR until_day IS NULL OR from_day <= until_day", name="from_before_until"),
    )

    id: Mapped[Key]
    sealed_category: Mapped[Sealed] = mapped_column("category", Encrypted(SensitiveField.CATEGORIES))
    category = SealedText[str]("sealed_category")
    from_day: Mapped[date | None]
    #: The last day on which the child is of the category.
    until_day: Mapped[date | None]
    #: `EvidenceKind`.
    sealed_evidence: Mapped[Sealed | None] = mapped_column("evidence", Encrypted(SensitiveField.EVIDENCE))
    evidence = SealedText[str | None]("sealed_evidence")
    evidence_day: Mapped[date | None]
    sealed_evidence_note: Mapped[Sealed | None] = mapped_column("evidence_note", Encrypted(SensitiveField.EVIDENCE))
    evidence_note = SealedText[str | None]("sealed_evidence_note")
    #: The scan of the evidence, in `child_files`.
    evidence_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("child_files.id", ondelete="SET NULL"))

    def __repr__(self) -> str:
        return f"<ChildCategoryMark {self.id}>"


class PickUpPerson(OfAChild, Base):
    """Somebody who may pick up a child, or who may not."""

    __tablename__ = "pick_up_persons"

    id: Mapped[Key]
    allowed: Mapped[bool]
    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted(SensitiveField.CONTACTS))
    name = SealedText[str]("sealed_name")
    sealed_relation: Mapped[Sealed | None] = mapped_column("relation", Encrypted(SensitiveField.CONTACTS))
    relation = SealedText[str | None]("sealed_relation")
    sealed_phone: Mapped[Sealed | None] = mapped_column("phone", Encrypted(SensitiveField.CONTACTS))
    phone = SealedText[str | None]("sealed_phone")
    sealed_note: Mapped[Sealed | None] = mapped_column("note", Encrypted(SensitiveField.CONTACTS))
    note = SealedText[str | None]("sealed_note")

    def __repr__(self) -> str:
        return f"<PickUpPerson {self.id}>"


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
