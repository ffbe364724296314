"""Ended keys are handed in until a log has them, and one that is refused holds up no other."""

from pathlib import Path

import httpx
import pytest

from cms_backend.core.errors import FormError
from cms_desktop.api.client import Client
from cms_desktop.workflow.key_ends import send_key_ends
from tests.support.wallet_home import wallet


async def test_a_refused_end_is_kept_and_the_others_go_out(tmp_path: Path) -> None:
    _, made = wallet(tmp_path)
    second = made.add_identity("ed25519", "Second")
    refused, _ = made.rotate(made.identities[0].id)
    made.rotate(second.id)

    def answer(request: httpx.Request) -> httpx.Response:
        if refused.key.encode() in request.content and b'"successor"' in request.content:
            body = {"status": 400, "code": "form.invalid", "detail": "No.", "remedy": None}
            return httpx.Response(400, json=body)
        return httpx.Response(
            201, json={"digest": "0" * 64, "receipt": None, "state": "accepted", "anchor": "pending"}
        )

    client = Client("http://127.0.0.1:1", transport=httpx.MockTransport(answer))
    with pytest.raises(FormError):
        await send_key_ends(made, client)
    assert made.unsent_key_ends() == (refused,)
    await client.aclose()
