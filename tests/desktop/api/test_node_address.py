"""A node's address has the form of one, or is named without its password."""

from __future__ import annotations

import pytest

from cms_desktop.api.node_address import NodeAddressError, node_address


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:8545",
        "https://node.example",
        "https://user:secret@node.example:443/v3/key?x=1",
        "http://[::1]:65535",
        "HTTP://localhost",
    ],
)
def test_an_address_stays_as_it_was_written(text: str) -> None:
    assert node_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "127.0.0.1:8545", "//a", "ftp://a", "file:///etc/passwd", "http://", "http://:1"),
        *(
            "http://a:0",
            "http://a:65536",
            "http://a:x",
            "http://[::1",
            "http://a b",
            "http://a\n",
            "http://a\u202e",
        ),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NodeAddressError, match="not the address of a node"):
        node_address(text)


def test_what_stands_before_an_at_sign_is_not_repeated() -> None:
    with pytest.raises(NodeAddressError) as caught:
        node_address("http://user:hunter2@a:99999")
    assert "hunter2" not in caught.value.detail
    assert "a:99999" in caught.value.detail
