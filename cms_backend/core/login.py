"""Login texts: Sign-In with Ethereum (ERC-4361) for accounts, and the same shape for DIDs (CAIP-122).

A key signs a login only as a parsed `LoginMessage`, never as bytes that a server chose. The fixed sentence
makes every text longer than the 64 bytes that an Ed25519 key signs for a statement, so neither can stand for
the other. LoginError for everything that does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cms_backend.core.canonical import check_text
from cms_backend.core.errors import DidError, FormError, KeyTextError, LoginError
from cms_backend.core.hashing import keccak256
from cms_backend.core.ids import Did
from cms_backend.core.keys import checksum_address, parse_address

_SCHEME: Final = r"[A-Za-z][A-Za-z0-9+.-]*"
_UNRESERVED: Final = r"[A-Za-z0-9._~-]"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}"
_SUB: Final = r"[!$&'()*+,;=]"
_PCHAR: Final = rf"(?:{_UNRESERVED}|{_ESCAPED}|{_SUB}|[:@])"
_HOST: Final = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:{_UNRESERVED}|{_ESCAPED}|{_SUB})+)"
_AUTHORITY: Final = rf"(?:(?:{_UNRESERVED}|{_ESCAPED}|{_SUB}|:)*@)?{_HOST}(?::[0-9]*)?"
_URI: Final = re.compile(
    rf"{_SCHEME}:(?://(?:(?:{_UNRESERVED}|{_ESCAPED}|{_SUB}|:)*@)?(?:{_HOST})?(?::[0-9]*)?(?:/{_PCHAR}*)*"
    rf"|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)
_HEAD: Final = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})://)?(?P<domain>{_AUTHORITY}) wants you to sign in with your "
    r"(?P<namespace>Ethereum|DID) account:"
)
_NONCE: Final = re.compile(r"[A-Za-z0-9]{8,}")
_CHAIN: Final = re.compile(r"[0-9]{1,32}")
_REQUEST_ID: Final = re.compile(rf"{_PCHAR}*")
_RESERVED: Final = re.compile(r"[A-Za-z0-9 :/?#@!$&'()*+,;=._~%\[\]-]*")
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
MAX_LOGIN: Final = 8192


@dataclass(frozen=True, slots=True)
class LoginMessage:
    """One login text in parts. `address`: an Ethereum address (EIP-55 case) or a DID. Times as written."""

    domain: str
    address: str
    uri: str
    nonce: str
    issued_at: str
    chain_id: int | None = None
    """For accounts; None for DIDs, whose text has no such line."""
    statement: str | None = None
    scheme: str | None = None
    version: str = "1"
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None

    @property
    def is_account(self) -> bool:
        """True for an Ethereum address, False for a DID."""
        return not self.address.startswith("did:")

    @property
    def text(self) -> str:
        """The text that is shown and signed. LoginError when a part could not be read back from it."""
        namespace = "Ethereum" if self.is_account else "DID"
        scheme = "" if self.scheme is None else f"{self.scheme}://"
        lines = [
            f"{scheme}{self.domain} wants you to sign in with your {namespace} account:",
            self.address,
            "",
        ]
        if self.statement is not None:
            lines += [self.statement]
        lines += ["", f"URI: {self.uri}", f"Version: {self.version}"]
        if self.chain_id is not None:
            lines += [f"Chain ID: {self.chain_id}"]
        lines += [f"Nonce: {self.nonce}", f"Issued At: {self.issued_at}"]
        for name, value in (
            ("Expiration Time", self.expiration_time),
            ("Not Before", self.not_before),
            ("Request ID", self.request_id),
        ):
            if value is not None:
                lines.append(f"{name}: {value}")
        if self.resources is not None:
            lines += ["Resources:", *(f"- {resource}" for resource in self.resources)]
        text = "\n".join(lines)
        if LoginMessage.parse(text) != self:
            raise LoginError("A part of the login text holds characters that it must not hold.")
        return text

    @classmethod
    def parse(cls, text: str) -> LoginMessage:
        """Read a login text, every line of it. LoginError when anything is out of its place or form."""
        if len(text) > MAX_LOGIN:
            raise LoginError("The login text is too long.")
        try:
            check_text(text)
        except FormError as error:
            raise LoginError(error.detail) from error
        return _Reader(text).message()

    def check(
        self,
        *,
        domain: str,
        nonce: str,
        now: datetime,
        uri: str | None = None,
        chain_id: int | None = None,
        scheme: str | None = None,
    ) -> None:
        """Raise LoginError unless the text answers this request and is in its time."""
        expected = (
            ("domain", self.domain, domain),
            ("nonce", self.nonce, nonce),
            ("address of the service (URI)", self.uri, self.uri if uri is None else uri),
            ("chain", self.chain_id, self.chain_id if chain_id is None else chain_id),
            ("scheme", self.scheme, self.scheme if scheme is None else scheme),
        )
        for what, found, wanted in expected:
            if found != wanted:
                raise LoginError(f"The login text names another {what}.", remedy="Ask for a new login.")
        if self.expiration_time is not None and now >= instant(self.expiration_time):
            raise LoginError("The login text has expired.", remedy="Ask for a new login.")
        if self.not_before is not None and now < instant(self.not_before):
            raise LoginError(
                "The login text is not valid yet.", remedy="Compare the clocks of both computers."
            )


class _Reader:
    """Reads the lines of a login text in order."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0

    def _next(self) -> str:
        if self._at == len(self._lines):
            raise LoginError("The login text ends too early.")
        self._at += 1
        return self._lines[self._at - 1]

    def _field(self, name: str) -> str:
        line = self._next()
        if not line.startswith(f"{name}: "):
            raise LoginError(f"The login text lacks the line {name!r} in its place.")
        return line[len(name) + 2 :]

    def _optional(self, name: str) -> str | None:
        if self._at < len(self._lines) and self._lines[self._at].startswith(f"{name}: "):
            return self._field(name)
        return None

    def message(self) -> LoginMessage:
        head = _HEAD.fullmatch(self._next())
        if head is None:
            raise LoginError("The first line is not '<domain> wants you to sign in with your ... account:'.")
        account = head["namespace"] == "Ethereum"
        address = self._next()
        _check_address(address, account)
        message = LoginMessage(
            scheme=head["scheme"],
            domain=head["domain"],
            address=address,
            statement=self._statement(),
            uri=_match(_URI, self._field("URI"), "URI"),
            version=_match(re.compile("1"), self._field("Version"), "Version"),
            chain_id=int(_match(_CHAIN, self._field("Chain ID"), "Chain ID")) if account else None,
            nonce=_match(_NONCE, self._field("Nonce"), "Nonce"),
            issued_at=_time(self._field("Issued At"), "Issued At"),
            expiration_time=_optional_time(self._optional("Expiration Time"), "Expiration Time"),
            not_before=_optional_time(self._optional("Not Before"), "Not Before"),
            request_id=self._request_id(),
            resources=self._resources(),
        )
        if self._at != len(self._lines):
            raise LoginError("The login text has lines after its end.")
        return message

    def _statement(self) -> str | None:
        if self._next():
            raise LoginError("The line after the address is not empty.")
        line = self._next()
        if not line:
            return None
        _match(_RESERVED, line, "statement")
        if self._next():
            raise LoginError("The line after the statement is not empty.")
        return line

    def _request_id(self) -> str | None:
        value = self._optional("Request ID")
        return None if value is None else _match(_REQUEST_ID, value, "Request ID")

    def _resources(self) -> tuple[str, ...] | None:
        if self._at == len(self._lines) or self._lines[self._at] != "Resources:":
            return None
        self._at += 1
        found = []
        while self._at < len(self._lines):
            line = self._next()
            if not line.startswith("- "):
                raise LoginError("A resource of the login text does not start with '- '.")
            found.append(_match(_URI, line[2:], "resource"))
        return tuple(found)


def _check_address(address: str, account: bool) -> None:
    try:
        if not account:
            Did.parse(address)
        elif parse_address(address) and checksum_address(address) != address:
            raise LoginError("The address in the login text is not in EIP-55 case.")
    except (DidError, KeyTextError) as error:
        raise LoginError(error.detail) from error


def _match(pattern: re.Pattern[str], value: str, what: str) -> str:
    if pattern.fullmatch(value) is None:
        raise LoginError(f"The {what} of the login text is malformed.")
    return value


def instant(text: str) -> datetime:
    """The moment of an RFC 3339 date-time, cut to microseconds. LoginError when it is none."""
    match = _INSTANT.fullmatch(text)
    try:
        if match:
            day, clock, fraction, zone = match.groups()
            fraction = (fraction or "0")[:6].ljust(6, "0")
            return datetime.fromisoformat(f"{day}T{clock}.{fraction}{zone.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise LoginError(f"{text[:60]!r} is no date and time of RFC 3339.")


def _time(value: str, what: str) -> str:
    try:
        instant(value)
    except LoginError:
        raise LoginError(f"The {what} of the login text is no date and time of RFC 3339.") from None
    return value


def _optional_time(value: str | None, what: str) -> str | None:
    return None if value is None else _time(value, what)


def personal_digest(message: bytes) -> bytes:
    """keccak-256 of EIP-191 version 0x45: the 32 bytes that `personal_sign` signs."""
    return keccak256(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)


def login_text(fields: Mapping[str, object]) -> str:
    """The text of a login request given as the members of `LoginMessage`. LoginError for unknown members."""
    try:
        return LoginMessage(**fields).text  # type: ignore[arg-type]  # checked by reading the text back
    except TypeError as error:
        raise LoginError("The login request has unknown or missing members.") from error
