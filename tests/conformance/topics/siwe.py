"""Sign-In with Ethereum (ERC-4361) and accounts that are contracts (ERC-1271)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from cms_backend.core.errors import LoginError, UndecidedSignature
from cms_backend.core.ids import Did
from cms_backend.core.login import LoginMessage, instant, login_text
from cms_backend.core.signatures import verify_login
from tests.conformance.model import (
    Result,
    Vectors,
    case_id,
    each,
    equal,
    expect,
    failed,
    verdict,
    whole_file,
)

_MEMBERS = {
    "chainId": "chain_id",
    "issuedAt": "issued_at",
    "expirationTime": "expiration_time",
    "notBefore": "not_before",
    "requestId": "request_id",
}


def _fields(published: Mapping[str, Any]) -> dict[str, Any]:
    found = {_MEMBERS.get(name, name): value for name, value in published.items() if value is not None}
    if "resources" in found:
        found["resources"] = tuple(found["resources"])
    return found


def _positive(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        message = LoginMessage.parse(case["message"])
        made = LoginMessage(**_fields(case["fields"]))
        if message != made:
            yield failed(case_id(case), f"parsed as {message}")
        else:
            yield equal(case_id(case), message.text, case["message"])


def _negative(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), False, LoginMessage.parse, case["message"])


def _objects(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), False, _build, case["fields"])


def _build(published: Mapping[str, Any]) -> str:
    # LoginMessage has a version of its own, so that a request that lacks it must be noticed here.
    if "version" not in published:
        raise LoginError("version lacks")
    return login_text(_fields(published))


def _verification(valid: bool) -> Any:
    def check(vectors: Vectors) -> Iterator[Result]:
        for case in each(vectors):
            yield verdict(case_id(case), valid, _verify, case)

    return check


def _verify(case: Vectors) -> None:
    fields = _fields(case["fields"])
    text = case["message"] if "message" in case else LoginMessage(**fields).text
    message = LoginMessage.parse(text)
    now = instant(case["time"]) if case.get("time") else datetime.now(UTC)
    message.check(
        domain=case.get("domainBinding") or message.domain,
        nonce=case.get("matchNonce") or message.nonce,
        now=now,
    )
    verify_login(text, case["signature"], _did(message))


def _did(message: LoginMessage) -> Did:
    return Did(f"did:pkh:eip155:{message.chain_id}:{message.address.lower()}")


def _derived(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        yield verdict(case_id(case), case["valid"], _as_expected, case)


def _as_expected(case: Vectors) -> None:
    expected = case["expected"]
    message = LoginMessage.parse(case["message"])
    message.check(
        domain=expected["domain"],
        nonce=expected["nonce"],
        chain_id=expected["chainId"],
        now=instant(case["time"]),
    )
    parts = urlsplit(message.uri)
    if f"{parts.scheme}://{parts.netloc}" != expected["uri_origin"]:
        raise LoginError("The service is another.")
    verify_login(case["message"], case["signature"], _did(message))


def _contract_accounts(vectors: Vectors) -> Iterator[Result]:
    for case in each(vectors):
        message = LoginMessage.parse(case["message"])
        try:
            verify_login(case["message"], case["signature"], _did(message))
        except UndecidedSignature as error:
            found = ("0x" + error.digest.hex(), "0x" + error.signature.hex())
            yield equal(case_id(case), found, (case["digest"], case["signature"]))
        else:
            yield expect(case_id(case), False, "accepted without asking the contract")


FILES = {
    "siwe/parsing-positive.json": _positive,
    "siwe/parsing-negative.json": _negative,
    "siwe/parsing-negative-objects.json": _objects,
    "siwe/verification-positive.json": _verification(True),
    "siwe/verification-negative.json": _verification(False),
    "siwe/derived.json": _derived,
    "siwe/erc1271.json": _contract_accounts,
    "siwe/erc1271-notes.json": whole_file(
        "facts about answers of a chain; the kernel is given verdicts, not answers"
    ),
}
