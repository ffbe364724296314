"""Ethereum keystore V3 (Web3 Secret Storage), in and out.

eth-keyfile accepts unknown ciphers, short initialisation vectors and any amount of work; everything is checked here
before it is called, so that a hostile file can neither exhaust the machine nor be misread.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from cms_desktop.wallet.errors import KeystoreError, PassphraseError

_MAX_SCRYPT: Final = 256 * 2**20 + 1
_MAX_ROUNDS: Final = 10_000_000
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")


def _bad(what: str) -> KeystoreError:
    return KeystoreError(
        f"This is no Ethereum keystore that can be opened: {what}.",
        remedy="Export the key again from the program that made it, as keystore version 3.",
    )


def _member(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(f"{name} is not an object")
    return value


def _hex(value: Any, name: str, size: int | None = None) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value.removeprefix("0x")):
        raise _bad(f"{name} is not hexadecimal")
    raw = bytes.fromhex(value.removeprefix("0x"))
    if size is not None and len(raw) != size:
        raise _bad(f"{name} has {len(raw)} bytes, not {size}")
    return raw


def _whole(value: Any, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _bad(f"{name} is out of bounds")
    return value


def _check_kdf(crypto: Mapping[str, Any]) -> None:
    params = _member(crypto.get("kdfparams"), "kdfparams")
    _whole(params.get("dklen"), "dklen", 32, 64)
    _hex(params.get("salt"), "salt")
    if crypto.get("kdf") == "scrypt":
        n = _whole(params.get("n"), "n", 2, 2**24)
        r = _whole(params.get("r"), "r", 1, 64)
        _whole(params.get("p"), "p", 1, 16)
        if n & (n - 1):
            raise _bad("n is no power of two")
        if 128 * n * r > _MAX_SCRYPT:
            raise _bad("it asks for more than 256 MiB of memory")
    elif crypto.get("kdf") == "pbkdf2":
        _whole(params.get("c"), "c", 1, _MAX_ROUNDS)
        if params.get("prf") != "hmac-sha256":
            raise _bad("its prf is not hmac-sha256")
    else:
        raise _bad("its kdf is neither scrypt nor pbkdf2")


def _checked(keystore: Mapping[str, Any] | str) -> dict[str, Any]:
    if isinstance(keystore, str):
        try:
            keystore = orjson.loads(keystore)  # bounds the depth by itself
        except ValueError as error:
            raise _bad("it is not JSON") from error
    found = {str(name).lower(): value for name, value in _member(keystore, "the file").items()}
    if type(found.get("version")) is not int or found["version"] != 3:
        raise _bad("it is not version 3")
    crypto = _member(found.get("crypto"), "crypto")
    if crypto.get("cipher") != "aes-128-ctr":
        raise _bad("its cipher is not aes-128-ctr")
    _hex(_member(crypto.get("cipherparams"), "cipherparams").get("iv"), "iv", 16)
    if not 1 <= len(_hex(crypto.get("ciphertext"), "ciphertext")) <= 32:
        raise _bad("its key is longer than 32 bytes")
    _hex(crypto.get("mac"), "mac", 32)
    _check_kdf(crypto)
    plain = {**crypto, "mac": str(crypto["mac"]).removeprefix("0x").lower()}
    return {"version": 3, "crypto": plain, **({"address": found["address"]} if found.get("address") else {})}


def decrypt(keystore: Mapping[str, Any] | str, password: str) -> bytes:
    """The private key in a keystore. KeystoreError for a bad form, too much work, or the wrong password."""
    found = _checked(keystore)
    from eth_keyfile.keyfile import decode_keyfile_json

    try:
        secret = bytes(decode_keyfile_json(found, _password(password)))
    except (ValueError, TypeError, KeyError) as error:
        raise KeystoreError(
            "The password does not open this keystore, or the file is damaged.",
            remedy="Try the password again; it is the keystore's own, not your passphrase here.",
        ) from error
    address = found.get("address")
    if address is not None:
        _check_address(address, secret)
    return secret


def _check_address(address: Any, secret: bytes) -> None:
    from cms_backend.core.errors import KeyTextError
    from cms_backend.core.keys import address_of
    from cms_backend.core.signatures import Secp256k1Signer

    if not isinstance(address, str):
        raise _bad("its address is no text")
    try:
        own = address_of(Secp256k1Signer(secret.rjust(32, b"\0")).public)
    except KeyTextError as error:
        raise _bad("what it holds is no secp256k1 key") from error
    if address.removeprefix("0x").lower() != own.removeprefix("0x"):
        raise _bad("its address is not the address of its key")


def _password(text: str) -> bytes:
    """PassphraseError for a lone surrogate, which has no UTF-8."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise PassphraseError(
            "The password holds a character that is not a whole letter.",
            remedy="Type it again, or check that its file is a text in UTF-8.",
        ) from None


def encrypt(secret: bytes, password: str, *, rounds: int = 2**18) -> dict[str, Any]:
    """A keystore V3 of a 32-byte key, with scrypt of `rounds` (n), r = 8, p = 1."""
    from eth_keyfile.keyfile import create_keyfile_json

    if len(secret) != 32 or not password:
        raise KeystoreError("A keystore needs a key of 32 bytes and a password.")
    return dict(create_keyfile_json(secret, _password(password), version=3, kdf="scrypt", iterations=rounds))
