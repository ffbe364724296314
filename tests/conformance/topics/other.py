"""Files about what this code does not have."""

from __future__ import annotations

from tests.conformance.model import whole_file

FILES = {
    "key-agreement/wycheproof/x25519_test.json": whole_file("nothing is encrypted to a public key"),
    "timestamps/ots.json": whole_file("OpenTimestamps is not used"),
    "timestamps/ots-invalid.json": whole_file("OpenTimestamps is not used"),
}
