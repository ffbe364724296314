"""Documents built out of the constructs of CommonMark 0.31 (and tables), nested into each other, for property tests."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "fee",
        "pays",
        "Client",
        "5",
        "18,400",
        "€",
        "not",
        "Zoë",
        "日本",
        "a.b",
        "x-y",
        "q=1",
        "f(x)",
        "a_b",
        "(see 3)",
    ]
)
PUNCTUATION = " \n\n\t*_`#>-+=|:[]()!<&;\\~.\"'ab1"
"""An alphabet in which random text is full of half-built constructs."""

words = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
_titles = st.sampled_from(["", ' "hidden title"', " 'hidden'", " (hidden)"])
_targets = st.sampled_from(
    ["https://example.org/a", "<a b>", "#", "/x_(y)", "mailto:a@b.c", "&#97;", "%C3%A9", ""]
)
_labels = st.sampled_from(["1", "ref", "Ref", "^1", "a b", "!"])


def _around(left: str, right: str | None = None) -> Callable[[str], str]:
    return lambda text: f"{left}{text}{left if right is None else right}"


_leaves = st.one_of(
    words,
    words.map(_around("`")),
    words.map(_around("`` ", " ``")),
    st.sampled_from(["&amp;", "&copy;", "&#0;", "&#x200B;", "&nbsp;", "&ndash;", "&notanentity;", "&"]),
    st.sampled_from(["\\*", "\\\\", "\\[", "\\&amp;", "\\#", "\\a", "\\`"]),
    st.sampled_from(
        ["<https://example.org/?q=%61>", "<a@b.example>", "<b>", "</b>", "<!-- hidden -->", "<?x?>"]
    ),
    st.sampled_from(["  \n", "\\\n", "\n", "   \n   "]),
    st.sampled_from(["*", "**", "_", "***", "~~", "!", "[", "]", "`", "<", "{{", "|", "2*3*4", "2**3**4"]),
)


def _spans(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sequence = st.lists(inner, min_size=1, max_size=3).map(" ".join)
    joined = st.lists(inner, min_size=2, max_size=3).map("".join)
    link = st.builds(lambda text, to, title: f"[{text}]({to}{title})", sequence, _targets, _titles)
    return st.one_of(
        sequence,
        joined,
        *(sequence.map(_around(mark)) for mark in ("*", "**", "_", "__", "***", "~~", "`")),
        link,
        link.map(lambda text: f"!{text}"),
        st.builds(lambda text, label: f"[{text}][{label}]", sequence, _labels),
        st.builds(lambda label: f"[{label}]", _labels),
        st.builds(lambda label: f"[{label}][]", _labels),
    )


inlines = st.recursive(_leaves, _spans, max_leaves=6)
_lines = inlines.map(lambda text: text.replace("\n", " "))


def _table(rows: list[list[str]], under: str) -> str:
    head, *body = ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join([head, "|" + "|".join([under] * len(rows[0])) + "|", *body])


_rows = st.lists(st.lists(_lines, min_size=1, max_size=4), min_size=1, max_size=3)
_definitions = st.builds(
    lambda label, to, title, gap: f"[{label}]:{gap}{to or '#'}{title}",
    _labels,
    _targets,
    st.sampled_from(["", ' "hidden"', "\n'hidden\ntoo'", " (price doubles)"]),
    st.sampled_from([" ", "\n"]),
)
_blocks_of_text = st.one_of(
    inlines,
    st.builds(
        lambda level, text, end: f"{'#' * level} {text}{end}",
        st.integers(1, 7),
        _lines,
        st.sampled_from(["", " #", " ##  "]),
    ),
    st.builds(lambda text, under: f"{text}\n{under}", inlines, st.sampled_from(["===", "---", "-", "=  "])),
    st.sampled_from(["---", "***", "* * *", "___", "-----------", "- - -"]),
    st.builds(
        lambda fence, info, text, end: f"{fence}{info}\n{text}\n{end}",
        st.sampled_from(["```", "~~~", "````"]),
        st.sampled_from(["", "python", " hidden words", "{.class}"]),
        inlines,
        st.sampled_from(["```", "~~~", "````", ""]),
    ),
    inlines.map(lambda text: "    " + text.replace("\n", "\n    ")),
    st.sampled_from(
        ["<div hidden>\nfee\n</div>", "<!-- fee\n\n5 -->", "<script>\nx\n</script>", "<table><tr><td>"]
    ),
    _definitions,
    st.builds(_table, _rows, st.sampled_from(["---", ":-:", "-", "--:"])),
    st.builds(
        lambda row, under, rest: f"{row}\n{under}\n{rest}",
        _lines,
        st.sampled_from(["-|-", "|-", ":-|-:"]),
        _lines,
    ),
)


def _prefixed(first: str, rest: str) -> Callable[[str], str]:
    return lambda text: first + text.replace("\n", f"\n{rest}")


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    gaps = st.sampled_from(["\n", "\n\n", "\n\n\n"])
    several = st.builds(lambda parts, gap: gap.join(parts), st.lists(inner, min_size=1, max_size=3), gaps)
    markers = st.sampled_from(
        ["- ", "* ", "+ ", "1. ", "1) ", "7. ", "007. ", "0. ", "-   ", "999999999. ", "- [ ] "]
    )
    return st.one_of(
        several,
        several.map(_prefixed("> ", "> ")),
        several.map(_prefixed("> ", "")),
        st.builds(lambda marker, text: _prefixed(marker, " " * len(marker))(text), markers, several),
        st.builds(lambda marker, text: _prefixed(marker, "")(text), markers, several),
        st.builds(lambda times, text: "> " * times + text, st.integers(1, 25), _lines),
        st.builds(lambda times, text: "- " * times + text, st.integers(1, 25), _lines),
    )


documents = st.recursive(_blocks_of_text, _containers, max_leaves=8)
"""Whole texts of a clause or a description."""
