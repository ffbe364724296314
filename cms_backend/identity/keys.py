"""The backend's own secrets: operator, log, ledger account, tokens.

They can attest and anchor; they can never sign for a person. They live in the keyring of the operating
system or, where there is none, in one file (0600) in the data folder.
"""

import contextlib
import os
import secrets
import sys
from pathlib import Path
from typing import Literal, Protocol

import orjson

from cms_backend.core.errors import CmsError
from cms_backend.db.files import write_private

_SIZE = 32
_SERVICE = "contract-management-system backend"


class KeysUnavailable(CmsError):
    """The backend's keys exist, but cannot be read now."""

    code = "keys.unavailable"
    status = 503


class KeyVault(Protocol):
    """A small store of named 32-byte secrets."""

    def get(self, name: str) -> bytes | None:
        """The secret of a name, or None. Raises KeysUnavailable."""
        ...

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret durably. Raises KeysUnavailable."""
        ...


class MemoryVault:
    """The twin for tests: forgets with the process."""

    def __init__(self) -> None:
        self._secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """See KeyVault."""
        return self._secrets.get(name)

    def put(self, name: str, secret: bytes) -> None:
        """See KeyVault."""
        self._secrets[name] = secret


class FileVault:
    """One JSON file, readable by its owner alone, replaced whole at each change."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _read(self) -> dict[str, str]:
        try:
            data = orjson.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, orjson.JSONDecodeError) as error:
            raise KeysUnavailable(
                f"The backend's key file {self._path} cannot be read.",
                remedy="Restore it from the backup of the data folder; a new one would be another log.",
            ) from error
        if not isinstance(data, dict):
            raise KeysUnavailable(f"The backend's key file {self._path} is damaged.")
        if os.name == "posix" and self._path.stat().st_mode & 0o077:
            self._path.chmod(0o600)
        return data

    def get(self, name: str) -> bytes | None:
        """See KeyVault."""
        value = self._read().get(name)
        return None if value is None else _decode(value, str(self._path))

    def put(self, name: str, secret: bytes) -> None:
        """See KeyVault."""
        data = {**self._read(), name: secret.hex()}
        try:
            write_private(self._path, orjson.dumps(data))
        except OSError as error:
            raise KeysUnavailable(
                f"The backend's key file {self._path} cannot be written: {error.strerror}."
            ) from error


class KeyringVault:
    """The keyring of the operating system; ``instance`` tells the data folders of one user apart."""

    def __init__(self, instance: str) -> None:
        self._account = instance

    def _name(self, name: str) -> str:
        return f"{self._account}#{name}"

    def get(self, name: str) -> bytes | None:
        """See KeyVault."""
        import keyring
        from keyring.errors import KeyringError

        try:
            value = keyring.get_password(_SERVICE, self._name(name))
        except KeyringError as error:
            raise KeysUnavailable(
                "The operating system's keyring is locked or not there.", remedy="Unlock it and start again."
            ) from error
        return None if value is None else _decode(value, "the keyring")

    def put(self, name: str, secret: bytes) -> None:
        """See KeyVault."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, self._name(name), secret.hex())
        except KeyringError as error:
            raise KeysUnavailable("The operating system's keyring took no secret.") from error


def _decode(value: str, where: str) -> bytes:
    with contextlib.suppress(ValueError):
        secret = bytes.fromhex(value)
        if len(secret) == _SIZE:
            return secret
    raise KeysUnavailable(
        f"A key of the backend in {where} is damaged.", remedy="Restore it from the backup."
    )


def _has_keyring() -> bool:
    if sys.platform.startswith("linux") and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    import keyring
    from keyring.backends import fail

    return not isinstance(keyring.get_keyring(), fail.Keyring)


def open_vault(home: Path, where: Literal["auto", "keyring", "file"], instance: str) -> KeyVault:
    """The vault of a data folder. ``auto``: its key file if there is one, else the keyring,
    else a new file.
    """
    file = home / "backend-keys.json"
    if where == "file" or (where == "auto" and (file.exists() or not _has_keyring())):
        return FileVault(file)
    vault = KeyringVault(instance)
    if where == "auto":
        try:
            vault.get("probe")
        except KeysUnavailable:
            return FileVault(file)
    return vault


def secret_of(vault: KeyVault, name: str) -> bytes:
    """The 32 bytes kept under a name, made on first use. Raises KeysUnavailable."""
    found = vault.get(name)
    if found is None:
        found = secrets.token_bytes(_SIZE)
        vault.put(name, found)
    return found
