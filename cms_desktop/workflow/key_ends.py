"""Ended keys that no log has acknowledged yet: the wallet keeps them, and they are handed in until one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms_backend.core.errors import CmsError

if TYPE_CHECKING:
    from cms_desktop.api.client import Client
    from cms_desktop.wallet.model import Wallet


async def send_key_ends(wallet: Wallet, client: Client) -> None:
    """Hand in every kept KeyEnd; one that is refused holds up no other. Raises the first refusal at the end."""
    refused: CmsError | None = None
    for ended in wallet.unsent_key_ends():
        try:
            await client.key_end(ended)
        except CmsError as error:
            refused = refused or error
        else:
            wallet.key_end_sent(ended)
    if refused is not None:
        raise refused
