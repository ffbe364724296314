"""JSON Web Tokens: attacks on a verifier."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cms_backend.auth.jwt import TokenKey, verify_token
from tests.conformance.model import Result, Vectors, case_id, each, verdict, whole_file


def _attacks(vectors: Vectors) -> Iterator[Result]:
    terms = vectors["verification"]
    keys = {
        name: TokenKey(key["alg"], key["pem"] if "pem" in key else key["secret"].encode())
        for name, key in terms["keys"].items()
    }
    now = terms["now"]
    check = partial(
        verify_token, keys_by_kid=keys, now=now, audience=terms["audience"], issuer=terms["issuer"]
    )
    for case in each(vectors):
        yield verdict(case_id(case), case["valid"], check, case["token"])


_NOT_OURS = whole_file("tokens of ours carry claims; bare JWS and JWK are read by no part of this code")

FILES = {
    "jwt/attacks.json": _attacks,
    "jwt/rfc-examples.json": _NOT_OURS,
    "jwt/wycheproof/json_web_signature_test.json": _NOT_OURS,
    "jwt/wycheproof/json_web_key_test.json": _NOT_OURS,
    "jwt/wycheproof/json_web_crypto_test.json": _NOT_OURS,
}
