"""The wallet file: what is on the disk, and how it is written so that nothing is ever lost.

Layout (version 1): magic ``CMSWALLET`` | version (1 byte) | header length (2 bytes, big-endian) | header (JSON: kdf,
memory in bytes, passes, salt, nonce) | ciphertext | SHA-256 of all before. The cipher is XChaCha20-Poly1305 (libsodium)
under the Argon2id key of the passphrase; everything before the ciphertext is its additional data. The last 32 bytes
tell damage from a wrong passphrase; they are no protection, the cipher's tag is.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nacl import exceptions
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)

from cms_desktop.files import read_whole, remove_parts, spoken, write_whole
from cms_desktop.wallet.erasing import copy_of, erase
from cms_desktop.wallet.errors import (
    NewerWallet,
    NoWallet,
    WalletBusy,
    WalletDamaged,
    WalletError,
    WalletExists,
    WalletUnreadable,
    WrongPassphrase,
)
from cms_desktop.wallet.kdf import KdfParams, derive, derive_new

MAGIC: Final = b"CMSWALLET"
VERSION: Final = 1
FILE_NAME: Final = "wallet.cms"
_SUM: Final = 32
_NONCE: Final = 24
_MAX_FILE: Final = 64 * 2**20


def _damaged(why: str) -> WalletDamaged:
    return WalletDamaged(
        f"The wallet file is damaged: {why}. It was left as it is.",
        remedy="Copy the last backup of the wallet in its place, or restore from the recovery words.",
    )


def _header(params: KdfParams, nonce: bytes) -> bytes:
    head = json.dumps(
        {
            "kdf": "argon2id",
            "memory": params.memory,
            "passes": params.passes,
            "salt": params.salt.hex(),
            "nonce": nonce.hex(),
        },
        separators=(",", ":"),
    ).encode()
    return MAGIC + bytes([VERSION]) + len(head).to_bytes(2, "big") + head


@dataclass(frozen=True, slots=True)
class _Parts:
    params: KdfParams
    nonce: bytes
    header: bytes
    ciphertext: bytes


def _split(data: bytes) -> _Parts:
    start = len(MAGIC) + 3
    if not data.startswith(MAGIC):
        raise _damaged("it does not begin as a wallet does")
    if len(data) > len(MAGIC) and data[len(MAGIC)] > VERSION:
        # The sum is checked first, so that a flipped bit is not taken for a newer version.
        if hmac.compare_digest(hashlib.sha256(data[:-_SUM]).digest(), data[-_SUM:]):
            raise NewerWallet(
                "This wallet was written by a newer version of the app. It was left as it is.",
                remedy="Update the app, then open the wallet again.",
            )
        raise _damaged("its check sum does not fit")
    if len(data) < start + _SUM:
        raise _damaged("it was cut short")
    if not hmac.compare_digest(hashlib.sha256(data[:-_SUM]).digest(), data[-_SUM:]):
        raise _damaged("its check sum does not fit; it was cut or changed")
    end = start + int.from_bytes(data[start - 2 : start], "big")
    try:
        head: dict[str, Any] = json.loads(data[start:end])
        params = KdfParams(int(head["memory"]), int(head["passes"]), bytes.fromhex(head["salt"]))
        nonce = bytes.fromhex(head["nonce"])
        known = head["kdf"] == "argon2id" and len(nonce) == _NONCE
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _damaged("its header cannot be read") from error
    if not known or data[len(MAGIC)] != VERSION:
        raise _damaged("its header names no known method")
    params.check()
    return _Parts(params, nonce, data[:end], data[end:-_SUM])


def read_file(path: Path) -> bytes:
    """The bytes of a wallet file. NoWallet; WalletUnreadable, also for a pipe, a folder, what is far too big, and a
    link to nothing.
    """
    try:
        return read_whole(path, most=_MAX_FILE)
    except FileNotFoundError:
        if path.is_symlink():
            raise WalletUnreadable(
                f"{path.name} is a link to {path.readlink()}, and there is no file.",
                remedy="Connect the disk that the wallet is on, or remove the link.",
            ) from None
        raise NoWallet(
            "There is no wallet here yet.", remedy="Create one: cms wallet create, or open the app."
        ) from None
    except OSError as error:
        raise WalletUnreadable(
            f"The wallet file cannot be read. {spoken(error)}",
            remedy="Check the file, its owner and the disk.",
        ) from error


def check_form(path: Path) -> None:
    """See that a file has the form of a wallet, before a passphrase is asked for: whole, and of a version that this
    program reads. NoWallet, WalletDamaged, NewerWallet, WalletUnreadable.
    """
    _split(read_file(path))


def write_file(path: Path, data: bytes) -> None:
    """Replace the file as one step: a private temporary file, fsync, rename, fsync of the folder. Where `path` is a
    link, the file that it leads to is replaced, and the link stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, data, mode=0o600)
    except OSError as error:
        raise WalletError(
            f"The wallet could not be saved. {spoken(error)} The file from before is untouched.",
            remedy="Free some space on the disk, or check that the folder can be written, and do it again.",
        ) from error


@contextlib.contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the wallet for one program, between the look at the file and its replacement. The kernel lets go at the
    end of the process, however it ends. What a program that was killed has left half-written is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Beside the file itself, so that two links to one wallet share one lock.
        place = path.resolve()
        descriptor = os.open(
            place.with_name(place.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
    except (OSError, RuntimeError) as error:
        why = spoken(error) if isinstance(error, OSError) else "A link leads to itself."
        raise WalletError(
            f"The wallet's folder cannot be written. {why}", remedy="Check its owner and the disk."
        ) from error
    try:
        _lock(descriptor)
        remove_parts(place)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: the compare before the replace is all there is
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def refuse_existing(path: Path) -> None:
    """WalletExists when something is at `path`, also a link to nothing; nothing is ever overwritten."""
    if os.path.lexists(path):
        raise WalletExists(
            f"{path.name} is there already; it was not touched.",
            remedy="Use another data folder or file name.",
        )


def take_copy(source: Path, path: Path) -> None:
    """Put a backup in the wallet's place, where there is none. WalletExists, WalletUnreadable, WalletError."""
    data = read_file(source)
    with only_writer(path):
        refuse_existing(path)
        write_file(path, data)


def give_copy(path: Path, target: Path) -> None:
    """Copy a sealed file to a new one anywhere. WalletExists, WalletError; NoWallet, WalletDamaged, ... of the file,
    for a copy of a damaged one would be taken for a backup.
    """
    data = read_file(path)
    _split(data)
    try:
        # Takes the name in one step, and leaves no lock on somebody's stick.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        refuse_existing(target)
        raise
    except OSError as error:
        raise WalletError(
            f"The backup could not be made: {error.strerror}.", remedy="Choose another folder."
        ) from error
    try:
        write_file(target, data)
    except WalletError:
        target.unlink(missing_ok=True)
        raise


class WalletFile:
    """An opened wallet file: its plain content (JSON bytes) and the key that seals it again.

    The passphrase is not kept, and what is kept is a copy of its own. A save by another program in between is noticed
    and refused (WalletBusy).
    """

    def __init__(self, path: Path, key: bytes, params: KdfParams, content: bytes, seen: bytes) -> None:
        self.path = path
        self._key = bytearray(key)
        erase(key)
        self._params = params
        self._content = copy_of(content)
        self._seen = hashlib.sha256(seen).digest()

    def __repr__(self) -> str:
        return f"WalletFile({str(self.path)!r})"

    @property
    def content(self) -> bytes:
        """The decrypted JSON bytes. `wipe` and the next save overwrite them."""
        return self._content

    @classmethod
    def create(
        cls, path: Path, passphrase: str, content: bytes, kdf: KdfParams | None = None
    ) -> "WalletFile":
        """Write a new file. WalletExists when there is one; it is never overwritten."""
        refuse_existing(path)
        key, params = derive_new(passphrase, kdf or KdfParams.fresh())
        file = cls(path, key, params, content, b"")
        with only_writer(path):
            refuse_existing(path)
            file._write(content)
        return file

    @classmethod
    def open(cls, path: Path, passphrase: str) -> "WalletFile":
        """Decrypt a file. NoWallet, WalletDamaged, NewerWallet, WrongPassphrase; the file is only read."""
        data = read_file(path)
        parts = _split(data)
        key = derive(passphrase, parts.params)
        try:
            content = crypto_aead_xchacha20poly1305_ietf_decrypt(
                parts.ciphertext, parts.header, parts.nonce, key
            )
        except exceptions.CryptoError:
            raise WrongPassphrase(
                "This passphrase does not open the wallet.",
                remedy="Try again; letters in capitals count. The recovery words open it too.",
            ) from None
        file = cls(path, key, parts.params, content, data)
        erase(content)
        return file

    def save(self, content: bytes) -> None:
        """Seal `content` in place of the old. WalletBusy when the file changed meanwhile; WalletError."""
        with only_writer(self.path):
            if hashlib.sha256(read_file(self.path)).digest() != self._seen:
                raise WalletBusy(
                    "Another program has changed the wallet meanwhile; nothing was overwritten.",
                    remedy="Lock the wallet, open it again, and repeat what you did.",
                )
            self._write(content)

    def change_passphrase(self, passphrase: str, kdf: KdfParams | None = None) -> None:
        """Seal the same content under another passphrase, with a fresh salt."""
        fresh = kdf or KdfParams.fresh(self._params.memory, self._params.passes)
        key, params = derive_new(passphrase, fresh)
        before = self._key, self._params
        self._key, self._params = bytearray(key), params
        erase(key)
        try:
            self.save(self._content)
        except BaseException:
            # The file is still under the old passphrase, and so must be the next save.
            erase(self._key)
            self._key, self._params = before
            raise
        erase(before[0])

    def _write(self, content: bytes) -> None:
        nonce = secrets.token_bytes(_NONCE)
        header = _header(self._params, nonce)
        key = bytes(self._key)
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(content, header, nonce, key)
        erase(key)
        data = header + sealed
        data += hashlib.sha256(data).digest()
        write_file(self.path, data)
        before, self._content = self._content, copy_of(content)
        erase(before)
        self._seen = hashlib.sha256(data).digest()

    def wipe(self) -> None:
        """Overwrite the key and the content in memory. The content that was handed out is gone with it."""
        erase(self._key, self._content)
        self._content = b""
