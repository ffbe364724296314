"""Whatever arrives, the kernel answers with one of its own errors: a 500 is a fault of ours."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_backend.core.canonical import parse
from cms_backend.core.checkpoint import Note, open_note, parse_tlog_proof, parse_vkey
from cms_backend.core.disclosure import Disclosure, disclose
from cms_backend.core.document import Document, DocumentRef, SealedDocument
from cms_backend.core.errors import CmsError
from cms_backend.core.events import Action, Envelope
from cms_backend.core.signatures import secure, verify_login, verify_secured
from cms_backend.core.statements import HeadStatement, KeyEnd, LedgerRef, LogStatement, key_end, log_statement
from tests.support.core_logs import log_key
from tests.support.core_samples import NOW, account, document, ed25519, event, sealed
from tests.support.core_strategies import values

JSON = values | st.sampled_from([True, 1, 0, -1, "", "0" * 64, [], {}, None, "z", ["1" * 64], 2**53 - 1])
KEY_END = secure(
    key_end(actor=ed25519(1).did, key=ed25519(1).key, successor=None, reason="", occurred_at=NOW), ed25519(1)
)
LOG_STATEMENT = secure(
    log_statement(
        actor=ed25519(1).did,
        vkey=log_key(1).vkey.text,
        number=0,
        ledgers=[
            LedgerRef("eip155:1", sealed().ref.root, "0x" + "ab" * 20, sealed().ref.root, sealed().ref.root)
        ],
        successor=None,
        occurred_at=NOW,
    ),
    ed25519(1),
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for name, member in value.items():
            found += _paths(member, (*path, name))
    elif isinstance(value, list):
        for at, member in enumerate(value):
            found += _paths(member, (*path, at))
    return found


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {
            name: _replaced(member, path[1:], new) if name == path[0] else member
            for name, member in value.items()
        }
    return [_replaced(member, path[1:], new) if at == path[0] else member for at, member in enumerate(value)]


def _refusal(read: Callable[[Any], object], value: Any) -> CmsError | None:
    try:
        read(value)
    except CmsError as error:
        return error
    return None


def _check_disclosure(value: Any) -> None:
    Disclosure.from_json(value).check(sealed().ref)


def _verify_event(value: Any) -> None:
    Envelope.from_json(value)
    verify_secured(value, ed25519(1).public)


def _verify_account(value: Any) -> None:
    Envelope.from_json(value)
    verify_secured(value, account(1).public)


READERS: list[tuple[str, Any, Callable[[Any], object]]] = [
    ("event", event(ed25519(1)), _verify_event),
    ("account event", event(account(1), Action.created), _verify_account),
    ("moved", event(ed25519(1), Action.moved), Envelope.from_json),
    ("document", document().to_json(), Document.from_json),
    ("sealed", sealed().to_json(), lambda value: SealedDocument.from_json(value).ref),
    ("reference", sealed().ref.to_json(), DocumentRef.from_json),
    ("disclosure", disclose(sealed(), ["/title"]).to_json(), _check_disclosure),
    ("key end", KEY_END, KeyEnd.from_json),
    ("log statement", LOG_STATEMENT, LogStatement.from_json),
    ("wrong type", KEY_END, HeadStatement.from_json),
]


@pytest.mark.parametrize(
    ("sample", "read"), [case[1:] for case in READERS], ids=[case[0] for case in READERS]
)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_one_member_replaced_by_anything_is_read_or_refused(
    sample: Any, read: Callable[[Any], object], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(_paths(sample)))
    changed = _replaced(sample, path, data.draw(JSON))
    refused = _refusal(read, changed)
    assert refused is None or (400 <= refused.status < 500 and refused.detail)


@given(st.text(max_size=300))
def test_any_text_is_a_note_a_proof_and_a_key_or_refused(text: str) -> None:
    vkey = log_key(1).vkey
    for read in (Note.parse, parse_tlog_proof, parse_vkey, lambda note: open_note(note, vkey)):
        for attempt in (
            text,
            "c2sp.org/tlog-proof@v1\nindex " + text,
            f"{vkey.name}\n{text}\n\n\N{EM DASH} {text}\n",
        ):
            with pytest.raises(CmsError):
                read(attempt)


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=60))
def test_any_login_is_refused_in_words(text: str, signature: str, did: str) -> None:
    with pytest.raises(CmsError):
        verify_login(text, signature, did)


@given(st.binary(max_size=400), st.sampled_from([b"", b"{", b'{"a":', b"[" * 40]))
def test_any_bytes_are_parsed_or_refused(data: bytes, head: bytes) -> None:
    refused = _refusal(lambda whole: parse(whole, limit=1000), head + data)
    assert refused is None or refused.status == 400
