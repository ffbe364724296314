"""Every character of a text stands in what is shown of it, but for the marks on the module's list."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_desktop.presentation.markdown import (
    MOST_CHARACTERS,
    MOST_LINES,
    MOST_MARKS,
    MOST_OF_TEXT,
    Shown,
    shown,
)
from cms_desktop.presentation.paper import clause_blocks, intro_blocks
from tests.support.markdown_strategies import PUNCTUATION, documents, words

MARKS = "*_#`~|:-[]()"
"""Characters that can be formatting marks; `test_a_mark_is_left_out_only_where_it_formats` counts them."""

# The shapes of the specification's examples, section by section.
SHAPES = (
    # tabs, precedence, thematic breaks
    "\tcode\t\tmore", "  - a\n\n\tb", "- a\n\n\t\tb", ">\t\ta", "-\t\ta", "#\ta", "*\t*\t*\t", "- `a\n- b`", "+++",
    "--\n**\n__",
    " ***\n  ***\n   ***", "    ***", "a\n    ***", "_____________________", " - - -", "_ _ _ _ a", "a------",
    " *-*", "- a\n***\n- b",
    "a\n***\nb", "* a\n* * *\n* b", "- a\n- * * *",
    # headings
    "# a\n## b\n### c\n###### d\n####### e", "#5 a\n\n#a", "\\## a", "# a *b* \\*c\\*", "#     a     ",
    " ### a\n  ## b\n   # c", "    # a",
    "a\n    # b", "## a ##\n  ###   b    ###", "# a ####", "### a ### b", "# a#", "### a \\###",
    "****\n## a\n****", "a\n# b\nc", "## \n#\n### ###",
    "a *b*\n===\n\na *b*\n---", "a *b\nc*\n====", "a\n---------", "   a\n---\n\n  a\n-----", "    a\n    ---",
    "a\n   ----      ", "a\n    ---",
    "a\n= =\n\na\n--- -", "a  \n---", "a\\\n----", "`a\n----\n`", "> a\n-----", "> a\nb\n===", "- a\n---",
    "---\na\n---\nb\n---\nc", "====",
    # code
    "    a\n      b", "  - a\n\n    b", "1.  a\n\n    - b", "    <a/>\n    *b*", "    a\n\n    b\n\n\n    c",
    "a\n    b", "    a\nb", "        a\n    b",
    "```\n<\n >\n```", "~~~\na\n~~~", "``\na\n``", "```\na\n~~~\n```", "````\na\n```\n``````", "```",
    "`````\n\n```\na", "> ```\n> a\n\nb",
    "```\n\n  \n```", "```\n```", " ```\n a\nb\n```", "    ```\n    a\n    ```", "```\na\n  ```",
    "```\na\n    ```", "``` ```\na", "~~~~~~\na\n~~~ ~~",
    "a\n```\nb\n```\nc", "~~~~    a b $%^&\nc\n~~~~~", "````;\n````", "``` a ```\nb", "~~~ a ``` ~~~\nb\n~~~",
    # HTML
    "<table><tr><td>\n<pre>\n**a**,\n\n_b_.\n</pre>\n</td></tr></table>", " <div>\n  *a*\n", "<div\n  id=\"a\">",
    "<!-- a\n\nb -->\nc", "<?php a ?>",
    "<!DOCTYPE a>", "<![CDATA[\na\n]]>\nb", "a\n<div>\nb\n</div>",
    # definitions of links
    "[a]: /b \"c\"\n\n[a]", "   [a]:\n      /b\n           'c'\n\n[a]", "[a*]\\]]:b (c)\n\n[a*]\\]]",
    "[a b]:\n<c d>\n'e'\n\n[a b]", "[a]: /b '\nc\nd\n'\n\n[a]",
    "[a]: /b 'c\n\nd'\n\n[a]", "[a]:\n/b\n\n[a]", "[a]:\n\n[a]", "[a]: <>\n\n[a]", "[a]: <b>(c)\n\n[a]",
    "[a]\n\n[a]: b", "[a]: 1\n[a]: 2\n\n[a]",
    "[\na\n]: /b\nc", "[a]: /b \"c\" d", "[a]: /b\n\"c\" d", "    [a]: /b", "```\n[a]: /b\n```",
    "a\n[b]: /c\n\n[b]", "# [a]\n[a]: /b\n> c", "[a]: /b\nc\n===\n[a]",
    "[a]: /b\n===\n[a]", "[a]: /b \"b\"\n[c]: /d\n  \"e\"\n[f]: /g", "[a]\n\n> [a]: /b",
    "[1]: # (the price doubles)",
    # paragraphs, quotes, lists
    "a\n\n\n\nb", "  a\n b", "a\n             b", "a     \nb     ", "> # a\n> b\n> c", "># a\n>b", "   > a",
    "    > a", "> a\nb", "> - a\n- b", ">     a\n    b",
    "> ```\na\n```", "> a\n    - b", ">", ">\n>  \n> ", "> a\n\n> b", "a\n> b", "> > > a\nb", ">>> a\n> b\n>>c",
    "A\n\n> b\n>\n> c", "- a\n- b\n+ c", "1. a\n2. b\n3) c",
    "a\n- b", "a\n14.  b", "a\n1.  b", "- a\n\n- b\n\n\n- c", "- a\n  - b\n    - c\n\n\n      d",
    "- a\n\n<!-- -->\n\n- b", "- a\n - b\n  - c\n   - d\n    - e",
    "1. a\n\n  2. b\n\n    3. c", "- a\n-\n- c", "* a\n*\n\n* c", "- a\n\n  b\n- c", "- a\n\n  [b]: /c\n- d",
    "- ```\n  a\n\n\n  ```\n- b", "* a\n  > b\n  >\n* c", "-\n  a",
    "-   \n  a", "-\n\n  a", "1234567890. a", "0. a", "003. a", "-1. a", "10) a\n11) b", " -    a\n\n     b",
    "1.      a\n\n   b", "- - a", "1. - 2. a", "- # a\n- b\n  ---\n  c",
    "- a\n - b\n\n\n    c", "7. a\n\n1. b\n\n1. c", "- [x] a\n- [ ] b", "* a\n+ b\n- c", "1. a\n1. b\n1. c",
    "a\n2. b",
    # inlines
    "\\!\\\"\\#\\$\\%", "\\\t\\A\\a\\ \\3", "\\*a*\n\\<br/>\n\\[a](b)\n\\`a`\n1\\. a\n\\* a\n\\# a\n\\&ouml;",
    "\\\\*a*", "a\\\nb", "`` \\[ ``", "<https://a.b?c=\\*>", "[a](/b\\* \"c\\*\")",
    "&nbsp; &amp; &copy; &AElig; &frac34;", "&#35; &#1234; &#992; &#0;", "&#X22; &#XD06; &#xcab;",
    "&nbsp &x; &#; &#x;\n&#87654321;", "[a](/f&ouml; \"&ouml;\")", "``` f&ouml;\na\n```",
    "&#42;a&#42;", "&#42; a\n\n* b", "a&#10;&#10;b", "&#9;a", "`a`", "`` a ` b ``", "` `` `", "`  ``  `", "` a`",
    "`\u00a0b\u00a0`", "` `\n`  `", "``\na\nb  \nc\n``", "``\na \n``", "`a\\`b`",
    "*a`*`", "[a `](b)`", "`<https://a.`b>`", "```a``", "`a``b``", "*a b*", "a * b*", "a*\"b\"*",
    "*\u00a0a\u00a0*", "*$*a.", "a*b*", "5*6*78", "_a b_", "_ a_", "a_\"b\"_", "a_b_", "5_6_78",
    "a_b_c_d", "_(_a)", "*(*a)", "*(*a*)*", "**a b**", "** a**", "a**\"b\"**", "a**b**", "__a b__", "a__b__",
    "__a, __b__, c__", "**a **", "**(**a)", "*(**a**)*", "**a \"*b*\" a**", "*a [b](/c)*",
    "*a\nb*", "_a __b__ c_", "_a _b_ c_", "__a_ b_", "*a *b**", "*a **b** c*", "*a**b**c*", "*a**b*", "***a** b*",
    "*a **b***", "a***b***c", "a******b*********c", "*a **b *c* d** e*",
    "** is not", "**** is not", "**a [b](/c)**", "**a\nb**", "a ***", "a *\\**", "a *_*", "**a*", "*a**", "***a**",
    "****a*", "*a****", "__a_", "_a__", "*a _b* c_", "*a __b *c d* e__", "**a **b c**",
    "*[a*](b)", "*<img src=\"a\" title=\"*\"/>", "**<https://a.b?q=**>", "*a `*`*", "[a](/b \"c\")", "[a](/b)",
    "[](./t.md)", "[a]()", "[a](<>)", "[](  )", "[a](/b c)", "[a](</b c>)", "[a](b\nc)",
    "[a](<b)c>)", "[a](<b\\>)", "[a](\\(b\\))", "[a](b(and(c)))", "[a](b(c)", "[a](b\\(c)", "[a](<b(c>)",
    "[a](b\\)\\:)", "[a](#b)\n\n[a](https://c.d#e)", "[a](b\\c)", "[a](b%20&auml;)", "[a](\"b\")",
    "[a](/b 'c')\n[a](/b (c))", "[a](/b \"c \\\"&quot;\")", "[a](/b\u00a0\"c\")", "[a](/b \"c \"and\" d\")",
    "[a](   /b\n  \"c\"  )", "[a] (/b)", "[a [b [c]]](/d)", "[a] b](/c)", "[a [b](/c)", "[a \\[b](/c)",
    "[a *b **c** `#`*](/d)", "[![a](b.jpg)](/c)", "[a [b](/c)](/d)", "[a *[b [c](/d)](/e)*](/f)",
    "![[[a](b)](c)](d)", "*[a*](/b)", "[a *b](c*)", "*a [b* c]", "[a <b c=\"](d)\">", "[a`](/b)`",
    "[a<https://b.c?d=](e)>", "[a][b]\n\n[b]: /c \"d\"", "[a [b]][c]\n\n[c]: /d", "[a][BaR]\n\n[bar]: /b \"c\"",
    "[ẞ]\n\n[SS]: /b", "[a] [b]\n\n[b]: /c \"d\"", "[a][]\n\n[a]: /b \"c\"", "[a]\n\n[a]: /b \"c\"",
    "![a](/b \"c\")", "![a *b*]\n\n[a *b*]: c.jpg \"d\"", "![a ![b](/c)](/d)", "![](/b)", "![a][b]\n\n[b]: /c",
    "!\\[a]\n\n[a]: /b", "\\![a]\n\n[a]: /b", "<https://a.b/c?d=e&f>", "<irc://a.b:2233/c>",
    "<MAILTO:A@B.C>", "<a+b+c:d>", "<https://a.b c>", "<https://a.b/\\[\\>", "<a@b.c>", "<a\\+@b.c>", "<>",
    "< https://a.b >", "<m:abc>", "https://a.b", "<a><bab><c2c>", "<a/><b2/>", "<a b=\"c\">",
    "</a></b >", "a <!-- b -->", "a <?php b ?>", "a <!B c>", "a <![CDATA[>&<]]>", "a  \nb", "a\\\nb",
    "a       \nb", "*a  \nb*", "`a  \nb`", "a\\", "a  ", "### a\\", "a\nb", "a \n b", "a $.;'there", "日本 χρῆν",
    # tables
    "| a | b |\n| - | - |\n| c | d |", "| a | b |\n| :-: | ---: |\n| c | d |\n\ne", "a | b\n-|-\nc | d",
    "| a\\|b |\n| - |\n| `c\\|d` |", "| a | b |\n| - | - |\n| c |\n| d | e | the price doubles |",
    "| a | b |\n| - |\n| c |", "| a |\n| - |", "| a |\n| - |\n> b", "> | a |\n> | - |\n> | b |",
    "- | a |\n  | - |\n  | b |", "|a|\n|:-|\n|  |", "| *a | b* |\n|-|-|\n| c | d |", "| a | b |\n|-|-|\n||\n|c||",
)  # fmt: skip


def kept(text: str) -> str:
    """The characters that no formatting mark is."""
    return "".join(letter for letter in text if letter not in MARKS and not letter.isspace())


def words_of(blocks: tuple[Shown, ...]) -> str:
    """All that is shown, in order."""
    return "\n".join(f"{block.marker} {block.text}" for block in blocks)


def words_on_paper(term: str) -> str:
    """All that the blocks of the paper say, once a renderer has drawn them."""
    found = []
    for block in clause_blocks(term, 0):
        html = str(block["html"]).replace("<br>", "\n")
        found.append(f"{block['marker']} {unescape(re.sub(r'<[^>]*>', '', html))}")
    return "\n".join(found)


def spelled(text: str) -> str:
    """What cannot be seen, as the paper writes it out; its own form counts as white space where it stands for some."""
    return re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda found: chr(int(found[1], 16)), text)


def complete(text: str) -> None:
    """Nothing is missing, nothing is added, nothing changes places."""
    assert kept(words_of(shown(text))) == kept(text)
    assert kept(spelled(words_on_paper(text))) == kept(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_of_the_specification_are_shown_whole(shape: str) -> None:
    complete(shape)
    complete(f"Before.\n\n{shape}\n\nAfter.")
    complete(shape + "\n\n[a]: /elsewhere 'and a title'\n[b]: x")


@settings(max_examples=250)
@given(documents)
def test_any_nesting_of_constructs_is_shown_whole(text: str) -> None:
    complete(text)


@settings(max_examples=250)
@given(st.text(PUNCTUATION, max_size=60))
def test_half_built_constructs_are_shown_whole(text: str) -> None:
    complete(text)


@given(st.text(max_size=60))
def test_any_text_is_shown_whole(text: str) -> None:
    # Characters of an own that read like ours are compared in tests of `letters`.
    assert kept(words_of(shown(text))) == kept(text)


FORMATS = {
    "*": "all",
    "_": "all",
    "#": "heading",
    "`": "code",
    "~": "code",
    "|": "cells",
    ":": "cells",
    "-": "cells line",
}
"""Which kind of block may leave a mark out."""


@settings(max_examples=250)
@given(st.one_of(documents, st.text(PUNCTUATION, max_size=60)))
def test_a_mark_is_left_out_only_where_it_formats(text: str) -> None:
    """Counted: nothing is shown more often than it is written, and only marks of blocks that are there are missing."""
    blocks = shown(text)
    written = Counter(letter for letter in text if not letter.isspace())
    seen = Counter(letter for letter in words_of(blocks) if not letter.isspace())
    assert seen - written == Counter()
    kinds = {block.kind for block in blocks}
    links = any("(" in block.text and block.kind != "source" for block in blocks)
    for mark in written - seen:
        if mark in "[]":
            assert links
        else:
            assert FORMATS[mark] == "all" or kinds & set(FORMATS[mark].split())


@given(st.lists(st.tuples(words, st.sampled_from(["", "*", "**", "_"])), min_size=1, max_size=4))
def test_plain_words_and_emphasis_are_rendered_and_never_source(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"{mark}word {one} word{mark}" for one, mark in parts)
    assert [block.kind for block in shown(text)] == ["text"]
    assert words_of(shown(text)).strip() == " ".join(f"word {one} word" for one, _ in parts)


@pytest.mark.parametrize("text", ["2*3*4", "2**3**4", "a**5**", "2 *3* 4", "5*_6_*7", "**1**0", "x[a](b)*2*"])
def test_no_mark_between_letters_or_numbers_is_left_out(text: str) -> None:
    (block,) = shown(text)
    assert block.kind == "source"
    assert block.text == text


def test_numbers_of_a_list_are_those_that_are_written() -> None:
    blocks = shown("7. seven\n7. seven again\n9. nine\n\n1) one\n1) one")
    assert [block.marker for block in blocks] == ["7.", "7.", "9.", "1)", "1)"]
    assert [block.marker for block in shown("007. x\n- y\n+ z\n* w")] == ["007.", "-", "+", "*"]


def test_a_link_shows_where_it_leads() -> None:
    (block,) = shown("See [our **terms**](https://example.org/t).")
    assert block.text == "See our terms (https://example.org/t)."


def test_one_bad_block_makes_no_other_one_source() -> None:
    blocks = shown("**Fees.** Five.\n\n[1]: # (ten)\n\n- a\n- b")
    assert [block.kind for block in blocks] == ["text", "source", "item", "item"]


def test_the_bars_of_a_table_part_its_cells() -> None:
    blocks = shown("| a | b |\n|---|---|\n| 1 | 2 |")
    assert [(block.kind, block.text) for block in blocks] == [("cells", "a | b"), ("cells", "1 | 2")]


def test_long_code_and_source_come_in_pieces_that_are_seen_one_by_one() -> None:
    lines = "\n".join(f"line {number}" for number in range(100))
    for text, kind in ((f"```\n{lines}\n```", "code"), (f"~~~ info\n{lines}\n~~~", "source")):
        blocks = shown(text)
        assert len(blocks) == -(-(100 + 2 * (kind == "source")) // MOST_LINES)
        assert {block.kind for block in blocks} == {kind}
    assert len(shown("x" * (3 * MOST_CHARACTERS))) == 3
    complete("word " * 60_000)


def test_a_description_is_shown_as_whole_as_a_clause() -> None:
    text = '[1]: # (hidden)\n\n![x](y "hidden")'
    html = "".join(str(block["html"]) for block in intro_blocks(text))
    assert html.count("hidden") == 2


@pytest.mark.parametrize("piece", ["_a_ ", "[a](b) ", "* a\n", "`a` ", "|a|b|\n", "**a** ", "a\n"])
def test_a_clause_that_is_made_to_cost_time_is_shown_as_it_is_written(piece: str) -> None:
    text = piece * (MOST_OF_TEXT // len(piece))
    begun = process_time()
    blocks = shown(text)
    assert process_time() - begun < 0.5
    assert {block.kind for block in blocks} == {"source"}
    assert "".join("".join(block.text.split()) for block in blocks) == "".join(text.split())


def test_the_work_of_emphasis_grows_with_the_text() -> None:
    text = "_a_ " * (MOST_MARKS // 2 - 2)
    begun = process_time()
    assert {block.kind for block in shown(text)} == {"text"}
    assert process_time() - begun < 1
