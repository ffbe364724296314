"""The ledger: where checkpoints of the log are anchored. See ``adapter`` for what others know of it.

web3 and py-evm are imported when a ledger is made or first asked, not with this package.
"""

from pathlib import Path

from cms_backend.config import Settings
from cms_backend.ledger.adapter import Ledger

#: The embedded chain's file in the data folder.
LOCAL_FILE = "ledger.sqlite3"


def create_ledger(settings: Settings, home: Path, account_secret: bytes) -> Ledger:
    """The ledger of the settings: a node's, or without one the embedded chain of the data folder.

    ``account_secret`` (32 bytes) is the key of the ledger account unless the settings name a file of it.
    Importing web3 takes most of a second: call this in a thread (``asyncio.to_thread``). Raises LedgerError.
    """
    from cms_backend.ledger.account import account_of, read_account
    from cms_backend.ledger.client import http_provider
    from cms_backend.ledger.evm import EvmLedger

    chain = settings.blockchain
    if chain.node_url:
        secret = read_account(chain.private_key_path) if chain.private_key_path else account_secret
        return EvmLedger(
            http_provider(chain.node_url),
            secret,
            kind="rpc",
            address=chain.contract_address,
            chain_id=chain.chain_id,
            confirmations=chain.confirmations,
            gas_limit=chain.gas_limit,
        )
    from cms_backend.ledger.local_chain.node import LocalNode
    from cms_backend.ledger.provider import LocalProvider, ReadingProvider

    node = LocalNode(home / LOCAL_FILE, account_of(account_secret))
    return EvmLedger(LocalProvider(node), account_secret, kind="embedded", reading=ReadingProvider(node))
