"""Makes a long search quicker without changing what is asked: pure functions remember, and garbage waits."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from unittest.mock import patch

from cms_backend.core import document, signatures

_LEAVES = document.leaves


@contextmanager
def quick() -> Iterator[None]:
    """Files of one history share signatures and texts: what held under a key, or was salted, is not made again."""
    # A signature that fails raises, and is not remembered.
    verify = lru_cache(maxsize=8192)(signatures.ed25519_verify)
    salted = lru_cache(maxsize=1024)(_salted)
    collecting = gc.isenabled()
    gc.disable()
    try:
        with patch.object(signatures, "ed25519_verify", verify), patch.object(document, "leaves", salted):
            yield
    finally:
        if collecting:
            gc.enable()


def _salted(text: document.Document, seed: str) -> tuple[document.Leaf, ...]:
    return tuple(_LEAVES(text, seed))


def tidy(count: int) -> None:
    """Collect garbage now and then."""
    if count % 100 == 99:
        gc.collect(1)
