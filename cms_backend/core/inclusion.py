"""Many inclusion proofs to one root, read as their texts stand (C2SP tlog-proof; RFC 9162, section 2.1.3.2)."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from cms_backend.core.checkpoint import ProofText, hash_from_b64
from cms_backend.core.errors import LogError

_NODE: Final = b"\x01"
_LINE: Final = 44
"""Letters of a hash in base64."""
_LEVEL_BITS: Final = 6


# A node that is bound by the root: its hash, and the lines above it, from `start` to `end` in the text of some proof.
# A sibling beside that proof's path has one line more before them: the hash on the path, else None. Plain tuples:
# four are made for every proof.
_Bound = tuple[bytes, bytes | None, str, int, int]


class InclusionVerifier:
    """Nodes that a proof has established are not hashed again, and the lines above them not read again.

    Every node on a path that led to the root, and every sibling beside it, is bound by the root, and so is
    the rest of the path above it. A later proof may stop there, when the rest of its path is the same.
    """

    __slots__ = ("_known", "root", "size")

    def __init__(self, size: int, root: bytes) -> None:
        """A tree of `size` leaves with a root of 32 bytes, both from something signed."""
        self.size = size
        self.root = root
        self._known: dict[int, _Bound] = {}

    def verify(self, hashed: bytes, proof: ProofText) -> None:
        """Raise LogError unless the proof leads from the leaf hash at its index to the root."""
        text, index, start, end = proof
        if not 0 <= index < self.size:
            raise LogError(f"There is no leaf {index} in a tree of {self.size}.")
        if len(hashed) != 32:
            raise LogError("A leaf hash has 32 bytes.")
        known = self._known
        seen: list[tuple[int, _Bound]] = []
        level, at, last = 0, index, self.size - 1
        while True:
            node = at << _LEVEL_BITS | level
            bound = known.get(node)
            if bound is not None:
                if not _is_same(bound, hashed, text, start, end):
                    raise LogError("The inclusion proof does not lead to the checkpoint's root.")
                break
            seen.append((node, (hashed, None, text, start, end)))
            if last == 0:
                if start < end:
                    raise LogError("The inclusion proof is too long.")
                if hashed != self.root:
                    raise LogError("The inclusion proof does not lead to the checkpoint's root.")
                break
            if at & 1 or at < last:
                sibling, start = _first(text, start, end)
                seen.append(((at ^ 1) << _LEVEL_BITS | level, (sibling, hashed, text, start, end)))
                pair = sibling + hashed if at & 1 else hashed + sibling
                hashed = sha256(_NODE + pair).digest()
            at >>= 1
            last >>= 1
            level += 1
        known.update(seen)


def _is_same(bound: _Bound, hashed: bytes, text: str, start: int, end: int) -> bool:
    node, beside, other, first, last = bound
    if hashed != node:
        return False
    if beside is not None:
        sibling, start = _first(text, start, end)
        if sibling != beside:
            return False
    return text[start:end] == other[first:last]


def _first(text: str, start: int, end: int) -> tuple[bytes, int]:
    """The first hash of the lines, and where the lines after it begin."""
    after = start + _LINE
    if after < end:
        if text[after] != "\n" or after + 1 == end:
            raise LogError("A hash is written in 44 letters of base64.")
        return hash_from_b64(text[start:after]), after + 1
    if after > end:
        raise LogError("The inclusion proof is too short.")
    return hash_from_b64(text[start:after]), end
