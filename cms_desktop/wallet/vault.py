"""The passphrase in the operating system's keyring, if its owner wishes: opening without typing."""

from pathlib import Path
from typing import Final

from cms_desktop.wallet.errors import KeyringError

_SERVICE: Final = "contract-management-system wallet"


def _none() -> KeyringError:
    return KeyringError(
        "This computer has no keyring that could keep the passphrase.",
        remedy="Type the passphrase each time, or install a keyring (GNOME Keyring, KWallet).",
    )


def remember(path: Path, passphrase: str) -> None:
    """Keep the passphrase of a wallet file. KeyringError when there is no keyring, it refuses, or it keeps nothing."""
    import keyring
    from keyring.errors import KeyringError as Refused
    from keyring.errors import NoKeyringError

    try:
        keyring.set_password(_SERVICE, str(path), passphrase)
    except NoKeyringError:
        raise _none() from None
    except Refused:
        raise KeyringError("The keyring did not take the passphrase.") from None
    # A keyring that is switched off (keyring.backends.null) takes everything and keeps nothing.
    if recall(path) != passphrase:
        raise _none()


def recall(path: Path) -> str | None:
    """The kept passphrase, or None: also when there is no keyring or it stays locked."""
    import keyring
    from keyring.errors import KeyringError as Refused

    try:
        return keyring.get_password(_SERVICE, str(path))
    except Refused:
        return None


def forget(path: Path) -> None:
    """Take the passphrase out of the keyring; nothing happens when it is not there. KeyringError."""
    import keyring
    from keyring.errors import KeyringError as Refused
    from keyring.errors import NoKeyringError, PasswordDeleteError

    try:
        keyring.delete_password(_SERVICE, str(path))
    except PasswordDeleteError:
        return
    except NoKeyringError:
        raise _none() from None
    except Refused:
        raise KeyringError("The keyring did not forget the passphrase.") from None
