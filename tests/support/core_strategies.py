"""Hypothesis strategies for protocol values."""

from __future__ import annotations

import unicodedata

from hypothesis import strategies as st

from cms_backend.core.canonical import MAX_INT


def _allowed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=30).map(
    _allowed
)
names = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
integers = st.integers(min_value=-MAX_INT, max_value=MAX_INT)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=5),
    max_leaves=30,
)
"""What `canonical.parse` accepts and `canonical.encode` writes: ASCII names, NFC texts, exact integers."""
