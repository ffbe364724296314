"""Long work beside the loop: a file may bring thousands of events, and others must get their answers meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
_FEW: Final = 100


async def apart(work: Callable[[], T], pieces: int) -> T:
    """The result of pure work on so many pieces: of few at once, of many in a thread."""
    return work() if pieces <= _FEW else await asyncio.to_thread(work)
