"""The quick way to a Receipt gives what the kernel's own way gives."""

import orjson

from cms_backend.contract.receipts import ReceiptWriter
from cms_backend.core.canonical import encode
from cms_backend.core.ids import Digest, Time
from cms_backend.core.keys import parse_key
from cms_backend.core.signatures import secure, verify_secured
from cms_backend.core.statements import Receipt, receipt
from tests.support.backend_contracts import person


def test_a_receipt_is_byte_for_byte_the_one_of_the_kernel() -> None:
    operator = person(7)
    members = {
        "envelope": Digest("ab" * 32),
        "slot": Digest("cd" * 32),
        "received_at": Time("2026-05-01T12:00:00.000Z"),
        "log_by": Time("2026-05-01T12:01:00.000Z"),
    }
    written = ReceiptWriter(operator, "cms.local/00").write(**members)
    assert written == encode(secure(receipt(actor=operator.did, origin="cms.local/00", **members), operator))
    parsed = Receipt.from_json(orjson.loads(written))
    verify_secured(parsed.json, parse_key(operator.key))
