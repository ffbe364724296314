"""Settings: YAML files with ``${VAR}`` substitution, and ``CMS_*`` variables; the only reader of the
environment.

The sections and keys are those of the configuration examples of the project's ground document. Values
from the environment win over the file: ``CMS_AUTH__TOKEN_EXPIRY_HOURS=1`` sets
``auth.token_expiry_hours``.
"""

import os
import re
from pathlib import Path
from typing import Any, Literal

import yaml
from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from cms_backend.core.errors import CmsError

APP_NAME = "Contract Management System"
"""Names the data folder: the same as that of the window and the command line."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class SettingsError(CmsError):
    """A settings file that cannot be read, or a value that is not allowed."""

    code = "settings.invalid"
    status = 500


class Section(BaseModel):
    """A section of the settings; an unknown key is a spelling mistake and is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(Section):
    """Where the backend listens. Port 0 lets the system choose a free one."""

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    #: Host names that requests may name besides the loopback's and ``host``: those of a server.
    names: tuple[str, ...] | None = None


class DatabaseSettings(Section):
    """The database: ``cms.sqlite3`` in the data folder. ``url`` is refused as long as no other can be used."""

    url: str | None = None
    max_connections: int = Field(default=4, ge=1, le=100)
    busy_timeout_seconds: float = Field(default=10.0, gt=0, le=300)


class BlockchainSettings(Section):
    """Which ledger. Without a node: the embedded one in the data folder."""

    #: False: nothing is anchored; the signed log alone is the proof.
    enabled: bool = True
    node_url: str | None = None
    chain_id: int | None = None
    contract_address: str | None = None
    confirmations: int = Field(default=1, ge=1)
    gas_limit: int = Field(default=2_000_000, ge=21_000)
    private_key_path: Path | None = None


class AuthSettings(Section):
    """Logins. Without a secret for tokens, one is made and kept with the backend's own keys."""

    jwt_secret: SecretStr | None = None
    token_expiry_hours: float = Field(default=12, gt=0, le=24 * 31)
    challenge_timeout_seconds: int = Field(default=300, ge=10, le=3600)


class LogSettings(Section):
    """The transparency log: its name (embedded: derived from its key) and how it is filled."""

    origin: str | None = None
    batch_interval_seconds: float = Field(default=0.15, gt=0, le=30)
    batch_size: int = Field(default=4096, ge=1, le=65536)


class LimitSettings(Section):
    """Sizes that one request may have, in bytes."""

    body: int = Field(default=8 * 1024 * 1024, ge=1024)
    evidence: int = Field(default=64 * 1024 * 1024, ge=1024)
    batch_events: int = Field(default=2000, ge=1)


class MonitoringSettings(Section):
    """What is written to the log file."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_file_bytes: int = Field(default=5 * 1024 * 1024, ge=64 * 1024)
    log_files: int = Field(default=5, ge=1, le=100)


class Settings(BaseSettings):
    """Everything that can be set. ``home`` is the data folder that holds database, keys and logs."""

    model_config = SettingsConfigDict(
        env_prefix="CMS_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=lambda: user_data_path(APP_NAME, appauthor=False))
    keys: Literal["auto", "keyring", "file"] = "auto"
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    blockchain: BlockchainSettings = BlockchainSettings()
    auth: AuthSettings = AuthSettings()
    log: LogSettings = LogSettings()
    limits: LimitSettings = LimitSettings()
    monitoring: MonitoringSettings = MonitoringSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the values of the file (which come in as ``init``)."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def database_path(self) -> Path:
        """The SQLite file of the home."""
        return self.home / "cms.sqlite3"

    @property
    def database_url(self) -> str:
        """The URL that SQLAlchemy opens."""
        return f"sqlite+aiosqlite:///{self.database_path}"


def _substitute(text: str, source: Path) -> str:
    """Put the environment's values in the place of ``${VAR}`` and ``${VAR:-default}``."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1], match[2])
        if found is None:
            raise SettingsError(
                f"{source} needs the environment variable {match[1]}, which is not set.",
                remedy=f"Set {match[1]}, or write a default as ${{{match[1]}:-value}}.",
            )
        return found

    return _VARIABLE.sub(value, text)


def read_settings_file(path: Path) -> dict[str, Any]:
    """The values of one YAML settings file. Raises SettingsError."""
    try:
        data = yaml.safe_load(_substitute(path.read_text("utf-8"), path))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid YAML.") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise SettingsError(f"The settings file {path} must hold sections such as 'server:'.")
    return data


def load_settings(file: Path | None = None, **overrides: Any) -> Settings:
    """Settings out of a file, the environment and the command line (``overrides``, which win).

    ``CMS_CONFIG`` names the file when none is given. Raises SettingsError.
    """
    path = file or (Path(os.environ["CMS_CONFIG"]) if os.environ.get("CMS_CONFIG") else None)
    values = read_settings_file(path) if path else {}
    try:
        settings = Settings(**values)
    except ValueError as error:
        raise SettingsError(f"The settings do not fit: {_first_error(error)}") from error
    if settings.database.url is not None:
        # Not told here: a URL may hold a password.
        raise SettingsError(
            "database.url is set, but this version keeps everything in cms.sqlite3 in the data folder.",
            remedy="Take database.url (CMS_DATABASE__URL) out of the settings. A database server is not supported yet.",
        )
    given = {name: value for name, value in overrides.items() if value is not None}
    return settings.model_copy(update=given) if given else settings


def _first_error(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    first = errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
