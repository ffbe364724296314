"""Which ledger the settings make, and where its account's key comes from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cms_backend.config import BlockchainSettings, Settings
from cms_backend.core.hashing import H
from cms_backend.ledger import create_ledger
from cms_backend.ledger.account import account_of, read_account
from cms_backend.ledger.errors import AccountUnusable, LedgerUnreachable
from tests.support import ledger_anvil
from tests.support.ledger_anvil import Anvil, running_anvil
from tests.support.ledger_worlds import KEY, SECRET, deploy


@pytest.fixture
def node() -> Iterator[Anvil]:
    with running_anvil() as running:
        yield running


def _settings(home: Path, **chain: object) -> Settings:
    return Settings(home=home, blockchain=BlockchainSettings.model_validate(chain))


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("ledger.sqlite3*")}


async def test_without_a_node_the_ledger_is_the_one_of_the_data_folder(tmp_path: Path) -> None:
    ledger = create_ledger(_settings(tmp_path), tmp_path, SECRET)
    await ledger.start()
    assert ledger.kind == "embedded"
    assert (await ledger.identity()).account == account_of(SECRET)
    assert _modes(tmp_path) == {f"ledger.sqlite3{end}": 0o600 for end in ("", "-wal", "-shm")}
    await ledger.close()


async def test_the_settings_of_a_node_are_used_as_they_are(tmp_path: Path, node: Anvil) -> None:
    key = tmp_path / "key.json"
    key.write_text(f'{{"private_key": "0x{ledger_anvil.SECRET.hex()}"}}')
    settings = _settings(
        tmp_path,
        node_url=node.url,
        chain_id=ledger_anvil.CHAIN_ID,
        contract_address=await deploy(node),
        confirmations=1,
        private_key_path=key,
    )
    ledger = create_ledger(settings, tmp_path, SECRET)
    await ledger.start()
    await ledger.open_log(KEY)
    made = await ledger.prepare_anchor(0, 3, H("root"))
    await ledger.send(made.raw)
    assert (await ledger.head()).owner == account_of(ledger_anvil.SECRET)
    assert ledger.kind == "rpc"
    await ledger.close()
    assert not (tmp_path / "ledger.sqlite3").exists()


def test_a_node_is_reached_over_http_only(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreachable, match="HTTP"):
        create_ledger(_settings(tmp_path, node_url="file:///etc/passwd"), tmp_path, SECRET)


@pytest.mark.parametrize("text", ["{hex}", "0x{hex}", "{hex}\n", '{{"private_key": "{hex}"}}'])
def test_a_key_file_holds_the_digits_alone_or_in_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text.format(hex=SECRET.hex()))
    assert read_account(path) == SECRET


@pytest.mark.parametrize(
    "text",
    ["", "zz", "0x12", "{}", '{"private_key": 5}', "00" * 32, "ff" * 32, '{"crypto": {}}', "\u00e4" * 64],
)
def test_a_key_file_of_another_form_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, "utf-8")
    with pytest.raises(AccountUnusable) as caught:
        read_account(path)
    assert caught.value.__cause__ is None
    assert not text or text not in str(caught.value)


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccountUnusable, match="No such file"):
        read_account(tmp_path / "nowhere")
