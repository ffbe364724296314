"""From errors and work to words: what happened, what it means, what to do."""

from __future__ import annotations

from typing import Final

from cms_backend.core.errors import CmsError

WORK: Final = {
    "app.load": "Opening the pages",
    "home.load": "Looking at what needs you",
    "contract.load": "Opening a contract",
    "contract.act": "Sending what you signed",
    "contract.export": "Writing the evidence",
    "contracts.load": "Reading the list of contracts",
    "contracts.more": "Reading the list of contracts",
    "contracts.preview": "Reading a contract",
    "draft.enter": "Opening a draft",
    "draft.save": "Saving the draft",
    "draft.propose": "Proposing a contract",
    "sign.load": "Opening what you sign",
    "sign.look": "Comparing with what you last saw",
    "sign.sign": "Signing",
    "verify.run": "Checking a file",
    "verify.ask": "Looking a digest up",
    "verify.import": "Taking a file in",
    "verify.export": "Writing the report",
    "verify.lab": "Checking a changed copy",
    "wallet.create": "Making the wallet",
    "wallet.unlock": "Unlocking the wallet",
    "wallet.restore": "Restoring the wallet",
    "wallet.change": "Changing the wallet",
    "wallet.backup": "Backing the wallet up",
    "wallet.rotate": "Ending a key",
    "activity.load": "Asking for the state of the backend",
    "backend.follow": "Listening to the backend",
    "backend.connect": "Connecting to the backend",
    "backend.retry": "Starting the backend again",
    "settings.measure": "Measuring the data folder",
}
LASTING: Final = frozenset({"backend.follow", "backend.log", "backend.watch", "wallet.watch"})
"""Work that runs as long as the window; it is not shown as if it came to an end."""


class Fault(CmsError):
    """A fault of ours: something broke that no input may break."""

    code = "app.fault"
    status = 500

    def __init__(self, name: str, cause: BaseException) -> None:
        super().__init__(
            f"{work_words(name)} broke by a fault of this program ({type(cause).__name__}). Nothing was lost.",
            remedy="Try it again; the logs on the page Activity say more.",
        )


class Unreachable(CmsError):
    """Something needs the backend, and it is not there."""

    code = "app.unreachable"
    status = 503

    def __init__(self, detail: str) -> None:
        super().__init__(detail, remedy="Wait until it is back, then try again.")


def sentence(error: CmsError) -> str:
    """Everything that a person can act on, as one text."""
    detail = error.detail if error.detail.endswith((".", "?")) else error.detail + "."
    if not error.remedy:
        return detail
    remedy = error.remedy if error.remedy.endswith((".", "?")) else error.remedy + "."
    return f"{detail} {remedy}"


def work_words(name: str) -> str:
    """What work is called by people."""
    return WORK.get(name) or name.replace(".", " ").capitalize()
