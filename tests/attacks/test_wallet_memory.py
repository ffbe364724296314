"""A thief who reads the memory of the process, a dump of it, or the folder of the wallet after a kill."""

from __future__ import annotations

import os
import resource
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cms_desktop.wallet.derivation import words_to_seed
from cms_desktop.wallet.kdf import FLOOR, KdfParams
from cms_desktop.wallet.keys import derived
from cms_desktop.wallet.service import WalletService
from tests.support.backend_process import BackendProcess

PATIENCE = 60
MASK = 0x5A
OWNER = """
import gc, sys
from pathlib import Path
from cms_desktop.wallet.service import WalletService
service = WalletService(Path(sys.argv[1]))
for line in sys.stdin:
    if line == "unlock\\n":
        service.unlock_now(Path(sys.argv[2]).read_text())
        wallet = service.wallet
        for identity in wallet.identities:
            wallet.contact_card(identity.id)
            wallet.rename(identity.id, identity.name + " again", "")
    else:
        service.lock()
        gc.collect()
    print("done", flush=True)
"""


def masked(secret: bytes) -> bytes:
    """What is searched for, so that the searcher holds no copy of it in a child that it forks."""
    return bytes(byte ^ MASK for byte in secret)


@contextmanager
def owner(home: Path, passphrase: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that opens and locks a wallet when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home), str(passphrase)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def told(process: subprocess.Popen[str], what: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(what + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"


def copies(pid: int, searched: dict[str, bytes]) -> dict[str, int]:
    """How often each secret stands in the memory of a process that can be written."""
    found = dict.fromkeys(searched, 0)
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            place, rights, *_ = line.split()
            if "rw" not in rights:
                continue
            start, end = (int(part, 16) for part in place.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            for name, secret in searched.items():
                found[name] += data.count(masked(secret))
    return found


def test_after_locking_the_keys_are_overwritten_in_memory(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse " + secrets.token_hex(8))
    home = tmp_path / "home"
    service = WalletService(home, kdf=KdfParams.fresh(FLOOR, 1))
    wallet = service.create_now(passphrase.read_text())
    wallet.add_identity("ed25519", "Katrin")
    words = " ".join(wallet.recovery_words())
    seed, imported = words_to_seed(words), secrets.token_bytes(32)
    wallet.import_key(imported, "secp256k1", "Imported")
    file = service._file
    assert file is not None
    searched = {
        "passphrase": masked(passphrase.read_bytes()),
        "words": masked(words.encode()),
        "seed": masked(seed),
        "derived key": masked(derived(seed, "ed25519", 0, 0)),
        "imported key": masked(imported),
        "imported key as text": masked(imported.hex().encode()),
        "file key": masked(bytes(file._key)),
    }
    service.lock()
    with owner(home, passphrase) as process:
        told(process, "unlock")
        before = copies(process.pid, searched)
        told(process, "lock")
        after = copies(process.pid, searched)
    for name in searched:
        print(f"{name}: {before[name]} copies in memory while open, {after[name]} after locking")
    # The search finds what is there: without that, zero copies would mean nothing.
    assert min(before["words"], before["seed"], before["imported key"]) > 0
    assert after["seed"] == after["derived key"] == 0
    # What is left was freed by libraries that do not overwrite (docs/security.md).
    assert sum(after.values()) < sum(before.values())
    assert after["words"] < before["words"]


# --- dumps ----------------------------------------------------------------------------------------------------

GUARDED = (
    "import sys, resource\n"
    "{entry}\n"
    "import ctypes\n"
    "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
)


def _allow_core_dumps() -> None:
    """As far as this process may; a new program is dumpable (prctl) in any case."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
@pytest.mark.parametrize(
    "entry",
    [
        "from cms_desktop.memory_guard import forbid_core_dumps\nforbid_core_dumps()",
        "from cms_backend.process import forbid_core_dumps\nforbid_core_dumps()",
        "sys.argv = ['cms', '--help']\nfrom cms_desktop.cli.entry import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass",
        "import cms_desktop.__main__ as window\nwindow.has_screen = lambda: False\nwindow.main([])",
    ],
)
def test_a_process_that_opens_a_wallet_leaves_no_core_dump(entry: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARDED.format(entry=entry)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        preexec_fn=_allow_core_dumps,
    )
    assert done.stdout.splitlines()[-1] == "(0, 0) 0"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_running_backend_leaves_no_core_dump(tmp_path: Path) -> None:
    with BackendProcess(tmp_path / "home") as process:
        limits = Path(f"/proc/{process.run['pid']}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]


# --- a kill in the middle of a save ---------------------------------------------------------------------------

SAVER = """
import os, sys
from pathlib import Path
from cms_desktop.wallet.service import WalletService
service = WalletService(Path(sys.argv[1]))
wallet = service.unlock_now(Path(sys.argv[2]).read_text())
def stop(_descriptor):
    print("writing", flush=True)
    sys.stdin.read()
os.fsync = stop
wallet.rename(wallet.identities[0].id, "Somebody else", "")
"""


def test_what_a_killed_save_leaves_is_removed_when_the_wallet_is_opened_again(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery")
    home = tmp_path / "home"
    service = WalletService(home, kdf=KdfParams.fresh(FLOOR, 1))
    service.create_now(passphrase.read_text()).add_identity("ed25519", "Katrin")
    service.lock()
    command = [sys.executable, "-c", SAVER, str(home), str(passphrase)]
    for _ in range(3):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        (part,) = home.glob(".wallet.cms.*.part")
        assert part.stat().st_size > 0
    other = home / ".another.cms.0123456789ab.part"
    other.write_bytes(b"not ours")
    assert service.unlock_now(passphrase.read_text()).identities[0].name == "Katrin"
    assert sorted(path.name for path in home.iterdir()) == [other.name, "wallet.cms", "wallet.cms.lock"]
