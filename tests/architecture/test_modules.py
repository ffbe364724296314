"""Small modules, small functions, a docstring everywhere: the numbers of the house style, measured on the source."""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(p for top in ("cms_backend", "cms_desktop") for p in (ROOT / top).rglob("*.py"))
QML = sorted((ROOT / "ui").rglob("*.qml"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_module_has_a_docstring_and_at_most_500_lines(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert not tree.body or ast.get_docstring(tree), f"{_name(path)} has no docstring"
    assert text.count("\n") <= 500, f"{_name(path)} is too long: split it by role"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_function_is_longer_than_60_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False) or ""
            body = (
                (node.end_lineno or node.lineno) - node.lineno + 1 - docstring.count("\n") - bool(docstring)
            )
            assert body <= 60, f"{_name(path)}:{node.lineno} {node.name} has {body} lines"


@pytest.mark.parametrize("path", QML, ids=_name)
def test_a_qml_file_keeps_its_size_and_names_no_colour(path: Path) -> None:
    text = path.read_text("utf-8")
    limit = 250 if "pages" in path.parts or path.name in {"Main.qml", "Tokens.qml"} else 160
    assert text.count("\n") <= limit, f"{_name(path)} is too long"
    if "Theme" not in path.parts:
        assert '"#' not in text, f"{_name(path)} names a colour; take it from Theme"


def test_no_file_is_called_utils_or_helpers() -> None:
    assert [p for p in SOURCES if p.stem in {"utils", "util", "helpers", "misc", "common"}] == []


def test_tracked_text_names_no_machine_and_no_index() -> None:
    words = ("index" + "-url", "http" + "://deb.", "registry" + ".npmjs")
    for pattern in ("packaging/**/*", "contracts/*", "*.toml", "Makefile", ".ci/*", "docs/**/*.md", "*.md"):
        for path in ROOT.glob(pattern):
            if path.is_file() and path.suffix in {"", ".txt", ".toml", ".sh", ".json", ".md", ".npmrc"}:
                text = path.read_text("utf-8", errors="replace")
                assert not [w for w in words if w in text], f"{_name(path)} names a package index"


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py")), ids=_name)
def test_a_benchmark_still_fits_what_it_measures(path: Path) -> None:
    assert callable(importlib.import_module(f"tests.benchmarks.{path.stem}").run)
