"""Settings: read once from the environment, then passed on as a frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TRUE = {"1", "true", "yes", "on"}


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
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the variables that begin with WEIBAO_.

        They are `DIR`, `DATABASE_URL`, `KEY_FILE`, `BASE_URL`, `TIMEZONE`, `DEMO`, `SECURE_COOKIES`, `PROXIES` and
        `PLUGINS`, a list of keys between commas.
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
            **plugins,
        }


def plugins_in(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the keys that `WEIBAO_PLUGINS` lists, None where it isn't set: all plugins."""
    listed = environ.get("WEIBAO_PLUGINS")
    return None if listed is None else tuple(key.strip() for key in listed.split(",") if key.strip())
