"""Evidence files as raw JSON, for those who change them."""

from typing import Any

import orjson

from cms_backend.core.canonical import encode
from cms_backend.core.hashing import sha256


def members_of(data: bytes) -> dict[str, Any]:
    """The members of a file, without the digest over them."""
    return {name: value for name, value in orjson.loads(data).items() if name != "digest"}


def file_bytes(members: dict[str, Any]) -> bytes:
    """The file of these members: canonical, with the digest that fits."""
    plain = {name: value for name, value in members.items() if name != "digest"}
    return encode({**plain, "digest": sha256(encode(plain)).hex()})
