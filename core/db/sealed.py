"""The encrypted column: plain text in Python, sealed bytes in the database, bound to table, column and row."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Engine, LargeBinary
from sqlalchemy.orm import Session, object_session
from sqlalchemy.types import TypeDecorator

from core.db.opening import FieldClosedError, require_open
from core.domain.vocabulary import SensitiveField
from core.security.vault import Vault

_vaults: WeakKeyDictionary[Dialect, Vault] = WeakKeyDictionary()


def bind_vault(engine: Engine, vault: Vault) -> None:
    """Give the engine the vault with which its encrypted columns are sealed and opened."""
    _vaults[engine.dialect] = vault


@dataclass(frozen=True, slots=True)
class Sealed:
    """A field's content on its way to or from the database; `text` is set on the way in, `token` on the way out."""

    context: str = ""
    text: str | None = field(default=None, repr=False)
    token: bytes = field(default=b"", repr=False)
    vault: Vault | None = field(default=None, repr=False, compare=False)
    #: Of which sensitive field it is, where its text is not for everybody who has the row.
    sensitive: SensitiveField | None = field(default=None, compare=False)

    def open(self, context: str) -> str:
        """Return the plain text; raise SealBrokenError where it was sealed for another place.

        Raises FieldClosedError for a sensitive field: only its row can tell whether it may be opened.
        """
        if self.text is None and self.sensitive is not None:
            raise FieldClosedError(self.sensitive)
        return self._opened(context)

    def open_of(self, row: Any, context: str) -> str:
        """Return the plain text of a field of a row; raise FieldClosedError where its session may not open it."""
        if self.text is None and self.sensitive is not None:
            require_open(object_session(row), getattr(row, "child_id", row.id), self.sensitive)
        return self._opened(context)

    def open_in(self, session: Session, child_id: UUID, context: str) -> str:
        """Return the plain text of a field that was read as a column; raise FieldClosedError as `open_of` does."""
        if self.text is None and self.sensitive is not None:
            require_open(session, child_id, self.sensitive)
        return self._opened(context)

    def _opened(self, context: str) -> str:
        if self.text is not None:
            return self.text
        if self.vault is None:
            raise TypeError("A sealed field came from an engine without a vault.")
        return self.vault.open(self.token, context)


class Encrypted(TypeDecorator[Sealed]):
    """Bytes of AES-256-GCM-SIV; the row's class declares a `SealedText` beside it to read and write plain text.

    A `sensitive` one stands in a row of a child, or in one with a `child_id`, and opens as core.db.opening says.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, sensitive: SensitiveField | None = None) -> None:
        super().__init__()
        self.sensitive = sensitive

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """Seal on the way into the database."""
        if value is None:
            return None
        return value.token if value.text is None else _vaults[dialect].seal(value.text, value.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """Keep the bytes closed until somebody reads the field."""
        return None if value is None else Sealed(token=value, vault=_vaults[dialect], sensitive=self.sensitive)


class EncryptedContent(Encrypted):
    """A sealed column whose rows are large, such as files: few of them are held in memory at a time."""

    cache_ok = True


Text = TypeVar("Text", str, str | None)


class SealedText(Generic[Text]):
    """Reads and writes the encrypted column `attribute` of its row as plain text.

    sealed_name: Mapped[Sealed] = mapped_column("name", Encrypted())
    name = SealedText[str]("sealed_name")
    """

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute

    def _context(self, row: Any) -> str:
        key: UUID | None = row.id
        if key is None:
            raise TypeError("A row needs its id before a field of it can be sealed.")
        return f"{row.__tablename__}|{self._attribute}|{key.hex}"

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText[Text]": ...
    @overload
    def __get__(self, row: object, owner: type) -> Text: ...
    def __get__(self, row: object | None, owner: type) -> Any:
        """Open the field; raise FieldClosedError where it is sensitive and nobody has leave to read it."""
        if row is None:
            return self
        sealed: Sealed | None = getattr(row, self._attribute)
        return None if sealed is None else sealed.open_of(row, self._context(row))

    def __set__(self, row: Any, text: str | None) -> None:
        """Hand the text to the column, which seals it when it is written."""
        setattr(row, self._attribute, None if text is None else Sealed(context=self._context(row), text=text))
