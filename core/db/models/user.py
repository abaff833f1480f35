"""People who sign in, what proves who they are, and their sessions on this server."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, Text200, word
from core.db.models.station import Station
from core.db.sealed import Encrypted, Sealed, SealedText
from core.domain.actor import Role


class User(StationScoped, Base):
    """An account: a login name, one role, one station."""

    __tablename__ = "users"

    id: Mapped[Key]
    login: Mapped[Text80] = mapped_column(unique=True)
    display_name: Mapped[Text80] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(word(Role))
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id"))
    #: Argon2id; empty as long as an invitation waits for its person.
    password: Mapped[Text200]
    password_set_at: Mapped[Moment | None]
    language: Mapped[Text20] = mapped_column(default="zh_Hans_CN")
    active: Mapped[bool] = mapped_column(default=True)
    #: Made only in demo mode; refused outside it.
    demo: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Moment | None]
    #: Changes with the password and on "sign out everywhere": sessions of the old value are over.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    #: Of the invitation with which its person sets a password; the secret itself is shown once and kept nowhere.
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    invited_until: Mapped[Moment | None]
    sealed_totp_secret: Mapped[Sealed | None] = mapped_column("totp_secret", Encrypted())
    #: Of the code that was taken last, counted in half minutes since 1970: none is taken twice.
    totp_counter: Mapped[int | None]
    #: SHA-256 of the codes that are left, a JSON list.
    sealed_recovery_codes: Mapped[Sealed | None] = mapped_column("recovery_codes", Encrypted())
    #: By which an authenticator knows the account.
    passkey_handle: Mapped[str | None] = mapped_column(String(64), unique=True)

    station: Mapped[Station] = relationship()
    passkeys: Mapped[list["Passkey"]] = relationship(order_by="Passkey.created_at", cascade="all, delete-orphan")

    totp_secret = SealedText[str | None]("sealed_totp_secret")
    recovery_codes = SealedText[str | None]("sealed_recovery_codes")

    def __str__(self) -> str:
        return self.login


class Passkey(Base):
    """A public key with which an authenticator proves that its person is there (Web Authentication, Level 2)."""

    __tablename__ = "passkeys"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[Text80]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes]
    #: Grows with each use, where the authenticator counts; one that falls back was copied.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]]
    created_at: Mapped[Moment]
    used_at: Mapped[Moment]


class WebSession(Base):
    """A browser's session, kept on the server; the cookie holds a random token and this row its SHA-256."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    content: Mapped[bytes]
    begun_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    #: What the browser calls itself, in the words of the session list.
    browser: Mapped[Text80] = mapped_column(default="")
    #: The network that it came from, not the machine.
    network: Mapped[Text80] = mapped_column(default="")
    expires_at: Mapped[Moment] = mapped_column(index=True)
