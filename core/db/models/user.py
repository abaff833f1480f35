"""People who sign in, and their sessions on this server."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Key, Moment, StationScoped, Text20, Text80, Text200, word
from core.db.models.station import Station
from core.domain.actor import Role


class User(StationScoped, Base):
    """An account: a login name, one role, one station."""

    __tablename__ = "users"

    id: Mapped[Key]
    login: Mapped[Text80] = mapped_column(unique=True)
    display_name: Mapped[Text80] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(word(Role))
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id"))
    #: Argon2id.
    password: Mapped[Text200]
    language: Mapped[Text20] = mapped_column(default="zh_Hans_CN")
    active: Mapped[bool] = mapped_column(default=True)
    #: Made only in demo mode; refused outside it.
    demo: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Moment | None]
    #: Changes with the password and on "sign out everywhere": sessions of the old value are over.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]

    station: Mapped[Station] = relationship()

    def __str__(self) -> str:
        return self.login


class WebSession(Base):
    """A browser's session, kept on the server; the cookie holds a random token and this row its SHA-256."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    content: Mapped[bytes]
    expires_at: Mapped[Moment] = mapped_column(index=True)
