"""Settings: read once from the environment, then passed on as a frozen value."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self


class PasswordProfile(StrEnum):
    """What is asked of passwords; the two rules contradict each other, so an installation follows one of them."""

    #: OWASP's ASVS 5.0, 6.2.5 and 6.2.10: long, no rules about characters, changed when there is a reason.
    ASVS = "asvs"
    #: GB/T 22239-2019, 8.1.4.1 a) (等级保护): of several kinds of characters, and changed from time to time.
    DENGBAO = "dengbao"


_TRUE = {"1", "true", "yes", "on"}


class Encryption(StrEnum):
    """How a mail server is spoken with."""

    #: Encrypted from the first byte.
    TLS = "tls"
    #: Encrypted before anything is said that matters; a server that can't is not spoken with.
    STARTTLS = "starttls"
    #: For a relay on the same machine.
    NONE = "none"


class _Way:
    """Something outside that an installation may use: set where the variable of its first field is."""

    PREFIX = ""

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self | None:
        """Read the variables that begin with the prefix, one for each field; None where it isn't set up."""
        named = [field for field in fields(cls) if field.init]  # type: ignore[arg-type]
        found = {field.name: env.get(f"{cls.PREFIX}{field.name.upper()}", "") for field in named}
        if not found[named[0].name]:
            return None
        return cls(**{field.name: _as(field.type, found[field.name]) for field in named if found[field.name]})

    def to_environment(self) -> Iterator[tuple[str, str]]:
        """Yield the variables from which it is read again."""
        for one in fields(self):  # type: ignore[arg-type]
            yield f"{self.PREFIX}{one.name.upper()}", str(getattr(self, one.name))


def _as(kind: Any, text: str) -> Any:
    return kind(text)


@dataclass(frozen=True)
class MailServer(_Way):
    """Where mail is handed in (SMTP), and as whose. `ca_file` names the authorities that are trusted beside the usual.

    `sender` is an address, with a name where people are to read one.
    """

    PREFIX = "WEIBAO_SMTP_"

    host: str
    sender: str
    port: int = 587
    encryption: Encryption = Encryption.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""


@dataclass(frozen=True)
class Mailbox(_Way):
    """Where answers to invitations arrive (IMAP, encrypted)."""

    PREFIX = "WEIBAO_IMAP_"

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    ca_file: str = ""


@dataclass(frozen=True)
class SmsProvider(_Way):
    """An account for text messages at Alibaba Cloud, or at whoever takes the same calls.

    `templates` are the codes of the approved texts, as `kind=code` between commas; `default` stands for all kinds that
    are not named.
    """

    PREFIX = "WEIBAO_SMS_"

    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str
    templates: str
    url: str = "https://dysmsapi.aliyuncs.com"


@dataclass(frozen=True)
class WeCom(_Way):
    """An application in the organization's WeChat Work (企业微信)."""

    PREFIX = "WEIBAO_WECOM_"

    corp_id: str
    secret: str = field(repr=False)
    agent_id: int
    url: str = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True)
class Webhook(_Way):
    """A program of the operator's that is told when a timetable changes; its calls are signed with the secret."""

    PREFIX = "WEIBAO_WEBHOOK_"

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class NoticeWays:
    """By what people can be told; None: it isn't set up, and whoever has no other way is called."""

    mail: MailServer | None = None
    mailbox: Mailbox | None = None
    sms: SmsProvider | None = None
    wecom: WeCom | None = None
    webhook: Webhook | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self:
        """Read the variables that begin with the prefix of each way."""
        return cls(
            MailServer.from_environment(env),
            Mailbox.from_environment(env),
            SmsProvider.from_environment(env),
            WeCom.from_environment(env),
            Webhook.from_environment(env),
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables from which they are read again."""
        ways: tuple[_Way | None, ...] = (self.mail, self.mailbox, self.sms, self.wecom, self.webhook)
        return {name: value for way in ways if way is not None for name, value in way.to_environment()}


@dataclass(frozen=True)
class Settings:
    """What an installation may choose.

    `data_dir` holds everything the product writes. `database_url` is an SQLAlchemy URL (SQLite or PostgreSQL).
    `key_file` holds the keys of the encrypted fields: keep it on another medium than the database's backups.
    """

    data_dir: Path
    database_url: str
    key_file: Path
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Shanghai"
    demo: bool = False
    #: Behind TLS: cookies are sent over HTTPS only.
    secure_cookies: bool = False
    #: How many reverse proxies stand before it and tell the client's address by X-Forwarded-For.
    proxies: int = 0
    #: The plugins to load, by key; None: all that are installed.
    plugins: tuple[str, ...] | None = None
    #: Whoever can read children's data has to prove a second factor; for others it is offered.
    second_factor_forced: bool = True
    password_profile: PasswordProfile = PasswordProfile.ASVS
    notices: NoticeWays = NoticeWays()

    @property
    def erasure_ledger(self) -> Path:
        """What was erased, by id: beside the key file, so that it is older than no backup of the database."""
        return self.key_file.with_name("erasures.jsonl")

    @classmethod
    def in_directory(
        cls,
        data_dir: Path,
        *,
        demo: bool = False,
        base_url: str = "http://127.0.0.1:8000",
        plugins: tuple[str, ...] | None = None,
        second_factor_forced: bool = True,
    ) -> "Settings":
        """Return the settings of an installation on the embedded database in `data_dir`."""
        root = data_dir.absolute()
        return cls(
            data_dir=root,
            database_url=f"sqlite:///{root / 'weibao.db'}",
            key_file=root / "keys" / "weibao-keys.json",
            base_url=base_url,
            demo=demo,
            plugins=plugins,
            second_factor_forced=second_factor_forced,
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the variables that begin with WEIBAO_.

        They are `DIR`, `DATABASE_URL`, `KEY_FILE`, `BASE_URL`, `TIMEZONE`, `DEMO`, `SECURE_COOKIES`, `PROXIES`,
        `SECOND_FACTOR_FORCED`, `PASSWORD_PROFILE` and `PLUGINS`, a list of keys between commas; those of
        mail, messages and webhooks are named after the fields of `NoticeWays`, such as `SMTP_HOST`.
        """
        env = os.environ if environ is None else environ
        plain = cls.in_directory(Path(env.get("WEIBAO_DIR", "weibao-data")))
        return cls(
            data_dir=plain.data_dir,
            database_url=env.get("WEIBAO_DATABASE_URL", plain.database_url),
            key_file=Path(env.get("WEIBAO_KEY_FILE", str(plain.key_file))),
            base_url=env.get("WEIBAO_BASE_URL", plain.base_url).rstrip("/"),
            timezone=env.get("WEIBAO_TIMEZONE", plain.timezone),
            demo=env.get("WEIBAO_DEMO", "").lower() in _TRUE,
            secure_cookies=env.get("WEIBAO_SECURE_COOKIES", "").lower() in _TRUE,
            proxies=int(env.get("WEIBAO_PROXIES", "0")),
            plugins=plugins_in(env),
            second_factor_forced=env.get("WEIBAO_SECOND_FACTOR_FORCED", "1").lower() in _TRUE,
            password_profile=PasswordProfile(env.get("WEIBAO_PASSWORD_PROFILE", PasswordProfile.ASVS)),
            notices=NoticeWays.from_environment(env),
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables from which `from_environment` reads these settings again, for a process of our own."""
        plugins = {} if self.plugins is None else {"WEIBAO_PLUGINS": ",".join(self.plugins)}
        return {
            "WEIBAO_DIR": str(self.data_dir),
            "WEIBAO_DATABASE_URL": self.database_url,
            "WEIBAO_KEY_FILE": str(self.key_file),
            "WEIBAO_BASE_URL": self.base_url,
            "WEIBAO_TIMEZONE": self.timezone,
            "WEIBAO_DEMO": str(int(self.demo)),
            "WEIBAO_SECURE_COOKIES": str(int(self.secure_cookies)),
            "WEIBAO_PROXIES": str(self.proxies),
            "WEIBAO_SECOND_FACTOR_FORCED": str(int(self.second_factor_forced)),
            "WEIBAO_PASSWORD_PROFILE": self.password_profile.value,
            **self.notices.to_environment(),
            **plugins,
        }


def plugins_in(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the keys that `WEIBAO_PLUGINS` lists, None where it isn't set: all plugins."""
    listed = environ.get("WEIBAO_PLUGINS")
    return None if listed is None else tuple(key.strip() for key in listed.split(",") if key.strip())
