"""Keys of identities as files: what a file holds, and how an exported key is written. No Qt; blocking.

Two forms go in and out: 64 hexadecimal digits (the raw 32 bytes), and an Ethereum keystore of version 3.
"""

import contextlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import orjson

from cms_desktop.wallet.errors import IdentityError, WalletError, WalletExists, WalletUnreadable

Form = Literal["raw", "keystore"]
MOST: Final = 64 * 1024
"""Bytes of the largest file that is looked at; keystores have about 500."""
_RAW: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a file holds: 32 raw bytes, or the text of a keystore with the address that it claims ("" if none)."""

    form: Form
    secret: bytes = field(default=b"", repr=False)
    keystore: str = field(default="", repr=False)
    address: str = ""


def read_key_file(path: Path) -> KeyFile:
    """What the file holds. WalletUnreadable when it cannot be read, else as `parse_key`."""
    try:
        with path.open("rb") as file:
            return parse_key(file.read(MOST + 1), path.name)
    except OSError as error:
        raise WalletUnreadable(
            f"{path.name} cannot be read: {error.strerror}.", remedy="Check the file, its owner and the disk."
        ) from error


def parse_key(data: bytes, name: str) -> KeyFile:
    """What the bytes of the file `name` hold. IdentityError for neither form.

    A keystore is looked into only as far as its form shows; `keystore_v3.decrypt` checks the rest.
    """
    text = data.decode("utf-8-sig", errors="replace").strip() if len(data) <= MOST else ""
    raw = _RAW.fullmatch(text)
    if raw:
        return KeyFile("raw", secret=bytes.fromhex(raw[1]))
    with contextlib.suppress(ValueError):  # orjson bounds the depth by itself
        found = orjson.loads(text)
        if isinstance(found, dict) and "crypto" in {str(member).lower() for member in found}:
            address = found.get("address")
            return KeyFile("keystore", keystore=text, address=address if isinstance(address, str) else "")
    raise IdentityError(
        f"{name} holds no key.",
        remedy="Choose a file with 64 hexadecimal digits, or an Ethereum keystore (version 3).",
    )


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read (0600), and fsync it. WalletExists, WalletError.

    Nothing is overwritten, and a part is never left behind: a reader finds the whole key or no file.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WalletExists(
            f"{path.name} is there already; it was not touched.", remedy="Choose another name."
        ) from None
    except OSError as error:
        raise _not_written(path, error) from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> WalletError:
    return WalletError(f"{path.name} was not written: {error.strerror}.", remedy="Choose another folder.")
