"""Makes a long search quicker without changing what is asked: pure functions remember, and garbage waits."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from unittest.mock import patch

from cms_backend.core import signatures


@contextmanager
def quick() -> Iterator[None]:
    """Files of one history share their signatures: a signature that held under a key is not verified again."""
    verify = lru_cache(maxsize=8192)(
        signatures.ed25519_verify
    )  # a signature that fails raises, and is not remembered
    collecting = gc.isenabled()
    gc.disable()
    try:
        with patch.object(signatures, "ed25519_verify", verify):
            yield
    finally:
        if collecting:
            gc.enable()


def tidy(count: int) -> None:
    """Collect garbage now and then."""
    if count % 100 == 99:
        gc.collect(1)
