"""The backend's own secrets: made once, kept for their owner alone, never replaced by accident."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from cms_backend.identity.keys import (
    FileVault,
    KeyringVault,
    KeysUnavailable,
    KeyVault,
    MemoryVault,
    open_vault,
    secret_of,
)


class FakeKeyring(ModuleType):
    """The two calls of the keyring package that the vault makes, in memory."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.stored: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.locked:
            from keyring.errors import KeyringLocked

            raise KeyringLocked
        return self.stored.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.stored[service, name] = value


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    import keyring.errors

    fake = FakeKeyring()
    fake.errors = keyring.errors  # type: ignore[attr-defined]  # the submodule's real exceptions
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return fake


@pytest.fixture(params=["memory", "file", "keyring"])
def vault(request: pytest.FixtureRequest, tmp_path: Path, keyring: FakeKeyring) -> KeyVault:
    vaults: dict[str, KeyVault] = {
        "memory": MemoryVault(),
        "file": FileVault(tmp_path / "keys.json"),
        "keyring": KeyringVault("home-1"),
    }
    return vaults[request.param]


def test_a_secret_is_made_on_first_use_and_the_same_ever_after(vault: KeyVault) -> None:
    assert vault.get("log-key") is None
    secret = secret_of(vault, "log-key")
    assert len(secret) == 32
    assert secret_of(vault, "log-key") == secret
    assert secret_of(vault, "operator-key") != secret


def test_the_key_file_is_for_its_owner_alone_even_after_a_careless_copy(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    secret_of(FileVault(path), "log-key")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    FileVault(path).get("log-key")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{", '{"log-key": "00"}', '{"log-key": "zz"}'])
def test_a_damaged_key_file_is_said_and_left_untouched(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(KeysUnavailable):
        secret_of(FileVault(path), "log-key")
    assert path.read_text() == content


def test_two_data_folders_of_one_user_do_not_share_keys(keyring: FakeKeyring) -> None:
    assert secret_of(KeyringVault("home-1"), "log-key") != secret_of(KeyringVault("home-2"), "log-key")


def test_a_locked_keyring_is_said_and_no_new_key_is_made(keyring: FakeKeyring) -> None:
    keyring.locked = True
    with pytest.raises(KeysUnavailable, match="locked"):
        secret_of(KeyringVault("home-1"), "log-key")
    assert keyring.stored == {}


def test_a_folder_with_a_key_file_goes_on_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    secret = secret_of(open_vault(tmp_path, "file", "i"), "log-key")
    assert secret_of(open_vault(tmp_path, "auto", "i"), "log-key") == secret


def test_without_a_keyring_the_keys_go_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    secret_of(open_vault(tmp_path, "auto", "i"), "log-key")
    assert (tmp_path / "backend-keys.json").exists()
