"""The wallet's branch of the error tree. Every message says what it means for the person's keys and what to do."""

from cms_backend.core.errors import CmsError


class WalletError(CmsError):
    """Something about the wallet that its owner can act on."""

    code = "wallet.error"
    status = 400


class NoWallet(WalletError):
    """There is no wallet file in this home yet."""

    code = "wallet.none"


class WalletExists(WalletError):
    """A wallet is there already; it is never overwritten."""

    code = "wallet.exists"


class WalletUnreadable(WalletError):
    """The file is there and cannot be read."""

    code = "wallet.unreadable"


class WrongPassphrase(WalletError):
    """The file is whole, and the passphrase does not open it."""

    code = "wallet.wrong-passphrase"


class PassphraseError(WalletError):
    """What was typed is no text, so it is the passphrase of nothing."""

    code = "wallet.passphrase"


class WalletDamaged(WalletError):
    """The file was cut or changed since it was written."""

    code = "wallet.damaged"


class NewerWallet(WalletError):
    """The file was written by a newer version of the app."""

    code = "wallet.newer"


class WalletLocked(WalletError):
    """The keys are not in memory."""

    code = "wallet.locked"


class WalletBusy(WalletError):
    """Another program has changed or holds the file."""

    code = "wallet.busy"


class WeakMachine(WalletError):
    """Not even the smallest allowed memory for the passphrase could be had."""

    code = "wallet.memory"


class WordsError(WalletError):
    """Recovery words that are none."""

    code = "wallet.words"


class DerivationError(WalletError):
    """A derivation path that the curve or the form does not allow."""

    code = "wallet.path"


class KeystoreError(WalletError):
    """An Ethereum keystore that is malformed, unsafe to open, or opened with the wrong password."""

    code = "wallet.keystore"


class IdentityError(WalletError):
    """An identity or contact that is not there, is there twice, or cannot do what was asked."""

    code = "wallet.identity"


class KeyringError(WalletError):
    """The operating system's keyring is not there or refused."""

    code = "wallet.keyring"
