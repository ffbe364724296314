"""What can go wrong with a ledger: it is away, it is another one, or it says no."""

from cms_backend.core.errors import CmsError


class LedgerError(CmsError):
    """Root of the ledger's errors."""

    code = "ledger.error"
    status = 503


class LedgerUnreachable(LedgerError):
    """The node is down, frozen or does not answer in time. Nothing is known; nothing is lost."""

    code = "ledger.unreachable"


class WrongChain(LedgerError):
    """The node serves another chain than before, or than the settings name."""

    code = "ledger.wrong-chain"


class WrongCode(LedgerError):
    """There is no ledger contract at the address, or another one."""

    code = "ledger.wrong-code"


class NoContract(LedgerError):
    """The settings name a node, but not the address of the ledger contract on it."""

    code = "ledger.no-contract"


class LedgerRefused(LedgerError):
    """The contract or the node refuses a transaction, and would again."""

    code = "ledger.refused"
    status = 409


class StaleHead(LedgerRefused):
    """The anchor names a head that is no longer the newest one: read the head again."""

    code = "ledger.stale-head"


class NonceUsed(LedgerRefused):
    """Another transaction of the account took this place: this one can never be in a block."""

    code = "ledger.nonce-used"


class Underpriced(LedgerRefused):
    """Another transaction has the same nonce and offers as much: offer more, or wait for it."""

    code = "ledger.underpriced"


class NoFunds(LedgerRefused):
    """The ledger account cannot pay for the transaction."""

    code = "ledger.no-funds"


class AccountUnusable(LedgerError):
    """The file of the ledger account's key cannot be used."""

    code = "ledger.account"


class RpcError(LedgerError):
    """An answer of JSON-RPC 2.0 (section 5.1) with an error; ``number`` is its code."""

    code = "ledger.rpc"
    status = 400

    def __init__(
        self, detail: str, number: int, *, data: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(detail, remedy=remedy)
        self.number = number
        self.data = data


class MethodNotAllowed(RpcError):
    """The JSON-RPC method is not one of the read-only ones that are served here."""

    code = "ledger.method-not-allowed"

    def __init__(self, method: str) -> None:
        super().__init__(f"The method {method[:64]!r} is not served here: this address is read-only.", -32601)
