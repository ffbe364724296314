"""Every name that a document gives exists: options, targets, paths, links, settings, exit codes, problem codes."""

from __future__ import annotations

import re
import shlex
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from cms_backend import process
from cms_backend.config import Settings
from cms_desktop.cli.app import app
from cms_desktop.wallet.kdf import FLOOR, MIB, WANTED
from tests.docs.commands import DOCUMENTS, ROOT, anchors, commands, links, name, spans, tables

ARCHITECTURE, OPERATIONS = ROOT / "docs/architecture.md", ROOT / "docs/operations.md"
TARGET = re.compile(r"(?m)^([a-z]+):")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?|\w+\.(py|md|toml|sol|json|qml)|Makefile")
FILES_OF_A_DATA_FOLDER = frozenset(
    path.strip("`/ ")
    for table in tables(OPERATIONS)
    if table[0][0] == "file"
    for row in table
    for path in row[0].split(",")
)
TOLD_ELSEWHERE = {
    "agreement.md": "the reader writes it",
    "logs/backend.log": "a backend writes it into its data folder",
    "demo-out": "`make demo` writes it",
    ".venv/bin": "`make setup` makes it",
    "ui/pages/XPage.qml": "X stands for a page",
    "cms_desktop/viewmodels/x.py": "x stands for a page",
    "application/vnd.cms.proof+json": "a media type",
}
PLACES = (
    ROOT,
    ROOT / "cms_backend",
    ROOT / "docs",
    ROOT / "contracts",
    ROOT / "cms_desktop",
    ROOT / "tests/vectors",
)


@cache
def cli() -> Any:
    """The tree of the `cms` command."""
    return typer.main.get_command(app)


def wrong_in(line: str) -> list[str]:
    """What of a `cms` command line does not exist: a command or an option. Arguments are the reader's."""
    node, words, wrong = cli(), shlex.split(line)[1:], []
    options = _options(node)
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            if word.split("=")[0] not in options:
                wrong.append(word)
            elif options[word.split("=")[0]] and words:
                words.pop(0)
        elif word in getattr(node, "commands", {}):
            node = node.commands[word]
            options |= _options(node)
        elif hasattr(node, "commands"):
            wrong.append(word)
    return wrong


def _options(node: Any) -> dict[str, bool]:
    """The options of a command, and whether each takes a value."""
    return {"--help": False} | {
        text: not getattr(one, "is_flag", False)
        for one in node.params
        for text in (*one.opts, *one.secondary_opts)
        if text.startswith("-")
    }


def command_lines(document: Path) -> list[str]:
    """Every `cms` command line in a document, in blocks and in running text."""
    shown = [command.text for command in commands(document)] + list(spans(document))
    return [text for text in shown if text.split()[:1] == ["cms"]]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_cms_command_and_option_of_a_document_exists(document: Path) -> None:
    assert {line: wrong for line in command_lines(document) if (wrong := wrong_in(line))} == {}


def test_a_command_or_an_option_that_is_not_there_is_seen() -> None:
    assert wrong_in("cms verify FILE --require in-force") == []
    assert wrong_in("cms verify FILE --requires in-force") == ["--requires"]
    assert wrong_in("cms contract undo CONTRACT") == ["undo", "CONTRACT"]


def test_every_option_in_running_text_is_one_of_cms_or_of_the_backend() -> None:
    known = {"--home", "--config", "--host", "--port", "--child", "--out", "--json"}
    nodes = [cli()]
    while nodes:
        node = nodes.pop()
        known |= set(_options(node))
        nodes += getattr(node, "commands", {}).values()
    used = {
        span.split()[0].split("=")[0] for one in DOCUMENTS for span in spans(one) if span.startswith("--")
    }
    assert used <= known


SOURCES = sorted((ROOT / "cms_desktop").rglob("*.py"))


def test_every_command_that_the_program_itself_advises_exists() -> None:
    advice = re.compile(
        r"(?:with|afterwards with|in with|keyring|then|Example|begin|first): (cms [a-z][^\"'.,{}]*)"
    )
    found = {line.strip() for path in SOURCES for line in advice.findall(path.read_text("utf-8"))}
    assert len(found) >= 5
    assert {line: wrong for line in found if (wrong := wrong_in(line))} == {}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_make_target_of_a_document_exists(document: Path) -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    shown = [*spans(document), *(command.text for command in commands(document))]
    assert {text.split()[1] for text in shown if text.startswith("make ")} <= targets


def test_every_target_that_make_help_lists_is_in_contributing_or_is_for_people_who_see_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = {text.split()[1] for text in spans(ROOT / "docs/contributing.md") if text.startswith("make ")}
    assert set(re.findall(r"(?m)^([a-z]+):.*## ", makefile)) - told == {"help", "clean"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_of_a_document_exists(document: Path) -> None:
    for span in spans(document):
        for text in span.split("#")[0].split(", "):
            if (
                PATH.fullmatch(text)
                and text not in TOLD_ELSEWHERE
                and text.strip("/") not in FILES_OF_A_DATA_FOLDER
            ):
                assert _exists(text.rstrip("/")), f"{name(document)} names {text}"


def _exists(text: str) -> bool:
    """A path from the root or from a package, a module without its ending, or a name that such a module defines."""
    if any((place / text).exists() or (place / f"{text}.py").exists() for place in PLACES):
        return True
    if "/" not in text:
        return any(ROOT.glob(f"[!.]*/**/{text}"))
    module, _, member = text.rpartition(".")
    sources = [place / module for place in PLACES if (place / module).is_dir()]
    files = [place / f"{module}.py" for place in PLACES] + [one / "__init__.py" for one in sources]
    return any(re.search(rf"\b{member}\b", one.read_text("utf-8")) for one in files if one.is_file())


def test_the_readmes_map_names_every_folder_of_the_tree() -> None:
    table = next(rows for rows in tables(ROOT / "README.md") if rows[0] == ("folder", "what"))
    shown = {row[0].strip("`").split("/")[0] for row in table[1:]}
    there = {one.name for one in ROOT.iterdir() if one.is_dir() and not one.name.startswith((".", "_"))}
    assert there - {"build", "dist", "demo-out"} == shown


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if re.match(r"https?:", link):
            continue
        path, _, heading = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{name(document)} links to {link}"
        assert not heading or heading in anchors(target), f"{name(document)} links to {link}"


def test_every_setting_of_operations_exists_with_the_default_that_it_names() -> None:
    table = next(rows for rows in tables(OPERATIONS) if rows[0][0] == "setting")
    for row in table[1:]:
        value: Any = Settings.model_construct()
        for part in row[0].strip("`").removeprefix("CMS_").lower().split("__"):
            assert isinstance(value, BaseModel)
            value = getattr(value, part)
        assert str(value).lower() == row[1].lower(), row[0]


def test_every_setting_that_running_text_names_exists() -> None:
    named = {
        found for one in DOCUMENTS for span in spans(one) for found in re.findall(r"\bCMS_[A-Z_]+", span)
    }
    for setting in named - {"CMS_", "CMS_HOME", "CMS_CONFIG"}:
        assert setting.removeprefix("CMS_").lower().split("__")[0] in Settings.model_fields, setting


def test_the_exit_codes_of_operations_are_those_of_the_backend() -> None:
    table = next(rows for rows in tables(OPERATIONS) if rows[0][0].startswith("exit code"))
    codes = {value for key, value in vars(process).items() if key.startswith("EXIT_")}
    assert {int(row[0]) for row in table[1:]} == codes


def test_the_problems_of_operations_are_those_of_the_backend() -> None:
    table = next(rows for rows in tables(OPERATIONS) if rows[0][0] == "what you see")
    sources = "\n".join(
        path.read_text("utf-8")
        for top in ("cms_backend", "cms_desktop")
        for path in (ROOT / top).rglob("*.py")
    )
    for row in table[1:]:
        if found := re.fullmatch(r"(\d+) `(.+)`", row[0]):
            assert re.search(rf'code = "{found[2]}"\n    status = {found[1]}\b', sources), row[0]
        else:
            words = row[0].strip('"').removesuffix("...").strip().removesuffix("since").strip()
            assert words in sources, row[0]


def test_every_library_of_architecture_is_a_dependency() -> None:
    table = next(rows for rows in tables(ARCHITECTURE) if rows[0][:2] == ("for", "library"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[\[<>=]", one)[0].lower() for one in project["dependencies"]}
    named = {re.split(r"[ (]", one.strip())[0].lower() for row in table[1:] for one in row[1].split(",")}
    assert named <= needed


def test_the_figures_of_security_are_those_of_the_wallet() -> None:
    text = (ROOT / "docs/security.md").read_text("utf-8")
    found = re.search(r"Argon2id \((\d+) MiB, .* never below (\d+) MiB\)", text)
    assert found is not None
    assert (int(found[1]), int(found[2])) == (WANTED // MIB, FLOOR // MIB)
