from cms_backend.report.text import WIDTH, render_text
from tests.support.report_samples import altered, check, pending, report, row


def test_the_sentence_stands_first_and_the_five_questions_follow() -> None:
    lines = render_text(report()).splitlines()
    assert lines[0] == "Verified. Everyone signed this exact text, in order."
    assert [line.split("  ")[0] for line in lines[3:8]] == ["Passed"] * 5


def test_what_failed_is_told_with_expected_found_and_remedy() -> None:
    text = render_text(altered())
    for part in (
        "Failed           SIG-SUITE",
        "expected: aaaa",
        "found: bbbb",
        "remedy: Ask for it.",
        "TOTAL-FAILED",
    ):
        assert part in text


def test_what_is_open_is_told() -> None:
    assert "Open             Still awaited: Idris Calloway." in render_text(pending())


def test_lines_fit_a_terminal() -> None:
    for one in (report(), altered(), pending()):
        assert max(map(len, render_text(one).splitlines())) <= WIDTH


def test_a_long_history_shows_its_end_and_says_what_it_leaves_out() -> None:
    text = render_text(report(events=tuple(row(number % 6) for number in range(1030))))
    assert "1,010 earlier events" in text
    assert text.count("10:33:50") <= 20


def test_void_events_are_marked() -> None:
    text = render_text(report(events=(row(3, void_reason="Late."),)))
    assert "without effect: Late." in " ".join(text.split())


def test_a_stranger_cannot_send_escape_sequences_to_the_terminal() -> None:
    text = render_text(
        report(headline="Ver\u202eified", checks=(check("X", altered().checks[0].state, found="\u2028"),))
    )
    assert "\u202e" not in text
    assert "[U+2028]" in text
