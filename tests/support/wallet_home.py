"""Wallets for tests: the real file format with the least memory that is allowed."""

from pathlib import Path

from cms_backend.core.ids import Time
from cms_desktop.wallet.kdf import FLOOR, KdfParams
from cms_desktop.wallet.model import Wallet
from cms_desktop.wallet.service import WalletService

PASSPHRASE = "seven quiet otters paint"
WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
NOW = Time("2026-05-18T10:00:00.000Z")


def quick_kdf() -> KdfParams:
    """64 MiB and one pass: the floor."""
    return KdfParams.fresh(FLOOR, 1)


def service(home: Path) -> WalletService:
    """A wallet service on a home, with a fixed time."""
    return WalletService(home, now=lambda: NOW, kdf=quick_kdf())


def wallet(home: Path, name: str = "Katrin Ostermann") -> tuple[WalletService, Wallet]:
    """A fresh wallet with one Ed25519 identity."""
    opened = service(home)
    made = opened.create_now(PASSPHRASE, WORDS)
    made.add_identity("ed25519", name, "Ostermann Webwerk GmbH")
    return opened, made
