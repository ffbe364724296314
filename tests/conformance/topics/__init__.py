"""Every file of the vectors, and what runs it. A file that stands nowhere here fails the run."""

from __future__ import annotations

from collections.abc import Mapping

from tests.conformance.model import Check
from tests.conformance.topics import (
    data_integrity,
    did,
    did_key,
    ethereum,
    fuzz,
    hd_keys,
    jcs,
    jwt,
    keystore,
    merkle,
    other,
    protocol,
    signatures,
    siwe,
)

TOPICS = (
    jcs,
    did_key,
    did,
    data_integrity,
    signatures,
    ethereum,
    siwe,
    merkle,
    hd_keys,
    keystore,
    jwt,
    fuzz,
    protocol,
    other,
)
FILES: Mapping[str, Check] = {path: check for topic in TOPICS for path, check in topic.FILES.items()}
