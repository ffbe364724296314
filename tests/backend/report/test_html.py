import re
from html.parser import HTMLParser

from cms_backend.report.html import render_html
from tests.support.report_samples import altered, check, party, pending, report, row

VOID_TAGS = {"meta", "br"}
SVG_SINGLE = {"path", "circle"}


class Reader(HTMLParser):
    """Collects tags, texts and attributes, and sees that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_well_formed_and_says_what_the_report_says() -> None:
    reader = read(render_html(report()))
    for part in (
        "Verified. Everyone signed",
        "Services agreement",
        "Katrin Ostermann",
        "TOTAL-PASSED",
        "DOC-ROOT",
    ):
        assert part in reader.text


def test_nothing_is_loaded_from_outside_and_nothing_runs() -> None:
    for one in (report(), altered(), pending()):
        page = render_html(one)
        reader = read(page)
        assert not {"script", "img", "link", "iframe", "object", "a", "form"} & set(reader.tags)
        assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "href")]
        assert not re.search(r"url\(|@import|https?:", page)
        assert "default-src 'none'" in page


def test_texts_of_strangers_are_escaped_and_made_visible() -> None:
    evil = '<script>alert("x")</script><img src=x onerror=y>'
    page = render_html(
        report(
            title=evil,
            headline=evil,
            limits=evil,
            parties=(party(0, name=evil, capacity=evil),),
            events=(row(0, actor_name=evil + "\u202e", title=evil, void_reason=evil),),
            checks=(
                check("X", altered().checks[0].state, question=evil, expected=evil, found=evil, remedy=evil),
            ),
        )
    )
    reader = read(page)
    assert not {"script", "img"} & set(reader.tags)
    assert "\u202e" not in page
    assert evil in reader.text


def test_the_first_bad_event_is_tinted_and_its_failed_check_open() -> None:
    page = render_html(altered())
    assert page.count('class=" bad"') == 1
    assert "<details open>" in page
    assert "<details open>" not in render_html(report())


def test_it_has_a_dark_and_a_print_form() -> None:
    page = render_html(report())
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_what_is_hidden_is_listed() -> None:
    assert "/terms/00002" in render_html(report(hidden=("/terms/00002",)))


def test_equal_reports_give_equal_pages() -> None:
    assert render_html(report()) == render_html(report())
