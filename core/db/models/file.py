"""Scans and proofs: sealed with their names, in the database, and so in its transactions, its backups and its scope."""

from base64 import b64decode, b64encode
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment, OfAChild, StationScoped, Text80, word
from core.db.sealed import Encrypted, EncryptedContent, Sealed, SealedText
from core.domain.vocabulary import ChildFileKind, SensitiveField
from core.files.judging import MediaType


class _Content:
    """What a file is and holds; its bytes are read from the database only when they are asked for."""

    media_type: Mapped[MediaType] = mapped_column(word(MediaType))
    #: In bytes, as it was brought.
    size: Mapped[int]
    kept_at: Mapped[Moment]
    kept_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    text: SealedText[str]

    @property
    def content(self) -> bytes:
        """The file as it was brought."""
        return b64decode(self.text)

    @content.setter
    def content(self, content: bytes) -> None:
        self.text, self.size = b64encode(content).decode(), len(content)


class StoredFile(_Content, StationScoped, Base):
    """A file that is about no child: a volunteer's proof of a skill, an insurance policy."""

    __tablename__ = "stored_files"

    id: Mapped[Key]
    subject_kind: Mapped[Text80]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted())
    name = SealedText[str]("sealed_name")
    sealed_content: Mapped[Sealed] = mapped_column("content", EncryptedContent(), deferred=True)
    text = SealedText[str]("sealed_content")

    def __repr__(self) -> str:
        return f"<StoredFile {self.id}>"


class ChildFile(_Content, OfAChild, Base):
    """A file about a child: evidence of a category, a signed consent; opened by grants, as all that is sensitive."""

    __tablename__ = "child_files"

    id: Mapped[Key]
    kind: Mapped[ChildFileKind] = mapped_column(word(ChildFileKind))
    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted(SensitiveField.EVIDENCE))
    name = SealedText[str]("sealed_name")
    sealed_content: Mapped[Sealed] = mapped_column("content", EncryptedContent(SensitiveField.EVIDENCE), deferred=True)
    text = SealedText[str]("sealed_content")

    def __repr__(self) -> str:
        return f"<ChildFile {self.id}>"
