"""The key of the ledger account: it pays for anchors, and signs nothing else."""

from pathlib import Path
from typing import Final

import coincurve
import orjson

from cms_backend.core.keys import address_of_point
from cms_backend.ledger.errors import AccountUnusable

_SIZE: Final = 32


def account_of(secret: bytes) -> str:
    """The address of a secp256k1 key (32 bytes): 0x and 40 lower-case hex."""
    return address_of_point(coincurve.PublicKey.from_valid_secret(secret))


def read_account(path: Path) -> bytes:
    """The key out of a file: 64 hexadecimal digits (with or without 0x), alone or as the JSON member
    ``private_key``. Raises AccountUnusable; the file's content is in no error.
    """
    try:
        text = path.read_text("ascii").strip()
        if text.startswith("{"):
            text = str(orjson.loads(text)["private_key"])
        secret = bytes.fromhex(text.removeprefix("0x"))
        if len(secret) != _SIZE:  # coincurve would fill a short one up with zeros
            raise ValueError
        coincurve.PrivateKey(secret)
    except OSError as error:
        raise AccountUnusable(
            f"The ledger account's file {path} cannot be read: {error.strerror}."
        ) from error
    except (ValueError, KeyError, TypeError):
        raise AccountUnusable(
            f"The ledger account's file {path} does not hold a private key.",
            remedy='Put 64 hexadecimal digits into it, or {"private_key": "0x..."}. Encrypted key files '
            "must be decrypted first.",
        ) from None
    return secret
