"""The one error tree. A class carries its code and HTTP status, an instance the words for a person.

`CmsError` is the root for every part of the system; this module prints the branches of the kernel.
A status of 500 means a fault of ours: everything that input can cause has a class of its own.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class CmsError(Exception):
    """Root of all our errors. `detail` says what is wrong, `remedy` what the reader can do about it."""

    code: ClassVar[str] = "cms.error"
    status: ClassVar[int] = 500

    def __init__(self, detail: str, *, remedy: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy


class ProtocolError(CmsError):
    """The input breaks a rule of the protocol. `check`: the id of section 9 that names the rule, where there is one."""

    code = "protocol.error"
    status = 400
    check: str | None = None


class FormError(ProtocolError):
    """Bytes, JSON, members or a text form are not what the protocol prescribes (section 1)."""

    code = "form.invalid"


class IntentError(FormError):
    """The signed sentence is not the fixed one of the action (section 3)."""

    code = "event.intent"


class KeyTextError(FormError):
    """A key, address or account is not in its one text form, or is no key at all (sections 1 and 4)."""

    code = "key.invalid"


class DidError(FormError):
    """A DID is not in its method's form, or the method is not known here (section 1)."""

    code = "did.invalid"


class DocumentError(ProtocolError):
    """A document, a disclosure or its root breaks section 2."""

    code = "document.invalid"


class LoginError(ProtocolError):
    """A login text is malformed, or not the one that was asked for, or is out of its time."""

    code = "login.invalid"
    status = 401


SignatureReason = Literal["suite", "method", "encoding", "key", "high-s", "v", "signature", "undecided"]


class SignatureError(ProtocolError):
    """A proof does not hold. `reason` is the rule of section 4 that it breaks."""

    code = "signature.invalid"

    def __init__(self, detail: str, *, reason: SignatureReason, remedy: str | None = None) -> None:
        super().__init__(detail, remedy=remedy)
        self.reason: SignatureReason = reason


class UndecidedSignature(SignatureError):
    """Recovery does not give the account: only the account's contract can tell (ERC-1271).

    `digest` is the 32-byte EIP-712 hash, `signature` the raw bytes, `account` the CAIP-10 text to ask.
    """

    code = "signature.undecided"

    def __init__(self, detail: str, *, digest: bytes, signature: bytes, account: str) -> None:
        super().__init__(
            detail, reason="undecided", remedy="Ask the account's contract (ERC-1271) at the anchor's block."
        )
        self.digest = digest
        self.signature = signature
        self.account = account


class LogError(ProtocolError):
    """A note, a checkpoint, an inclusion or a consistency proof does not hold (section 6)."""

    code = "log.invalid"


class EvidenceError(ProtocolError):
    """An evidence file breaks section 8. `check` is the id of the check that names it."""

    code = "evidence.invalid"

    def __init__(self, detail: str, *, check: str, remedy: str | None = None) -> None:
        super().__init__(detail, remedy=remedy)
        self.check = check


class LifecycleError(ProtocolError):
    """The state of the contract does not allow the event (section 3)."""

    code = "lifecycle.refused"
    status = 409


class StaleSpine(LifecycleError):
    """The event stands on a spine event that is no longer the last."""

    code = "lifecycle.stale-spine"


class ProposalClosed(LifecycleError):
    """The proposal that the event decides on is no longer open."""

    code = "lifecycle.proposal-closed"


class SlotTaken(LifecycleError):
    """Another event holds the one place in the log that this event would take."""

    code = "lifecycle.slot-taken"


class NotAllowed(LifecycleError):
    """The actor may not do this, whatever the state."""

    code = "lifecycle.not-allowed"
    status = 403
