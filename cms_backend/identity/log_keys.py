"""Which key signs the log: each log that is begun gets a key of its own, and no key ever begins a second log.

The first key is kept as ``log-key``, those of logs that were begun later as ``log-key-2`` and so on.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from cms_backend.core.checkpoint import LogKey, parse_vkey
from cms_backend.identity.keys import KeyVault, secret_of
from cms_backend.log.service import key_missing

_MOST_LOGS = 1000


def known_logs(database: Path) -> list[str]:
    """The verifier keys of the logs that a database file (of this schema) has, the newest last."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return [str(row[0]) for row in connection.execute("SELECT vkey FROM logs ORDER BY id")]


def log_seed(vault: KeyVault, known: Sequence[str], origin: str | None, *, published: bool) -> bytes:
    """The 32 bytes of the key of the newest known log. Raises LogKeyMissing, KeysUnavailable.

    Without a known log one is about to begin, under a new key. ``published``: a log's head is kept beside the
    database all the same, so the database was lost; the old key is taken, and the log will be frozen.
    """
    kept = list(_kept(vault))
    if known:
        for seed in kept:
            if LogKey(seed, origin).vkey.text == known[-1]:
                return seed
        raise key_missing(parse_vkey(known[-1]).name)
    return kept[-1] if kept and published else next_seed(vault)


def next_seed(vault: KeyVault) -> bytes:
    """A new key for a log that is about to begin. Raises KeysUnavailable."""
    return secret_of(vault, _name(len(list(_kept(vault))) + 1))


def _kept(vault: KeyVault) -> Iterator[bytes]:
    for number in range(1, _MOST_LOGS):
        seed = vault.get(_name(number))
        if seed is None:
            return
        yield seed


def _name(number: int) -> str:
    return "log-key" if number == 1 else f"log-key-{number}"
