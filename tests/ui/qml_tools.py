"""Lint and format of the QML files: `python -m tests.ui.qml_tools lint|format|format-check`.

qmllint knows the Python types through pyside6-metaobjectdump and pyside6-qmltyperegistrar; qmlformat has no check
mode, so a copy is formatted and compared.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "ui"
TOOLS = Path(sys.executable).parent
METATYPES = Path(PySide6.__file__).parent / "Qt" / "metatypes"
FOREIGN = ("qt6core_metatypes.json", "qt6gui_metatypes.json", "qt6qml_metatypes.json")


def qml_files() -> list[Path]:
    """Every QML file of the window."""
    return sorted(UI.rglob("*.qml"))


def written_by_hand() -> list[Path]:
    """Those whose format is a person's matter: the tokens are made by a program."""
    return [path for path in qml_files() if path.name != "Tokens.qml"]


def typed_sources() -> Iterator[tuple[str, Path]]:
    """(QML import name, Python file) of each file that registers a type."""
    for path in sorted((ROOT / "cms_desktop").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
                continue
            if any(isinstance(one, ast.Name) and one.id == "QML_IMPORT_NAME" for one in node.targets):
                yield str(node.value.value), path


def results(path: Path) -> dict[tuple[str, str], str]:
    """(class, method) -> the name of the type that it is annotated to return."""
    found: dict[tuple[str, str], str] = {}
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(one, ast.ClassDef):
            continue
        for method in one.body:
            if isinstance(method, ast.FunctionDef) and isinstance(method.returns, ast.Name):
                found[one.name, method.name] = method.returns.id
    return found


def mend(dump: Path, sources: list[str]) -> None:
    """Say what metaobjectdump leaves out: maps and lists, constant properties, and the class of a model."""
    units = json.loads(dump.read_text(encoding="utf-8"))
    known = {kind["className"] for unit in units for kind in unit["classes"]}
    annotated = {key: name for source in sources for key, name in results(Path(source)).items()}
    plain = {"dict": "QVariantMap", "list": "QVariantList"}
    for kind in (kind for unit in units for kind in unit["classes"]):
        for one in kind.get("properties", []):
            one["type"] = plain.get(one["type"], one["type"])
            if one["type"].startswith("QObject"):
                name = annotated.get((kind["className"], one["name"]), "")
                # A model that is no QML type of its own: its members are looked up at run time.
                one["type"] = f"{name}*" if name in known else "QVariant"
            if "notify" not in one:
                one["constant"] = True
    dump.write_text(json.dumps(units), encoding="utf-8")


def register(folder: Path) -> None:
    """Write qmltypes and qmldir of the Python modules into `folder`."""
    modules: dict[str, list[str]] = {}
    for name, path in typed_sources():
        modules.setdefault(name, []).append(str(path))
    for name, sources in modules.items():
        place = folder.joinpath(*name.split("."))
        place.mkdir(parents=True)
        dump = place / "metatypes.json"
        _run("pyside6-metaobjectdump", "-q", "-o", str(dump), *sources)
        mend(dump, sources)
        foreign = ",".join(str(METATYPES / one) for one in FOREIGN)
        _run(
            "pyside6-qmltyperegistrar",
            "--generate-qmltypes", str(place / "types.qmltypes"),
            "-o", str(place / "register.cpp"),
            "--import-name", name, "--major-version", "1", "--minor-version", "0",
            "--foreign-types", foreign, str(dump),
        )  # fmt: skip
        (place / "qmldir").write_text(f"module {name}\ntypeinfo types.qmltypes\n", encoding="utf-8")


def lint() -> int:
    """0 when qmllint has nothing to say."""
    with tempfile.TemporaryDirectory() as temporary:
        register(Path(temporary))
        return subprocess.run(
            [
                str(TOOLS / "pyside6-qmllint"), "--max-warnings", "0",
                "-I", temporary, "-I", str(UI), *map(str, qml_files()),
            ],
            check=False,
        ).returncode  # fmt: skip


def formatted(path: Path) -> str:
    """The text of a file as qmlformat wants it."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / path.name
        copy.write_bytes(path.read_bytes())
        _run("pyside6-qmlformat", "-i", str(copy))
        return copy.read_text(encoding="utf-8")


def format_check() -> int:
    """0 when every file is as qmlformat wants it."""
    wrong = [path for path in written_by_hand() if formatted(path) != path.read_text(encoding="utf-8")]
    for path in wrong:
        print(f"{path.relative_to(ROOT)} is not in the house format; run: make format")
    return 1 if wrong else 0


def format_all() -> int:
    """Put every file into the house format."""
    for path in written_by_hand():
        text = formatted(path)
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
    return 0


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(TOOLS / tool), *arguments], check=True, capture_output=True)


COMMANDS: dict[str, Callable[[], int]] = {"lint": lint, "format": format_all, "format-check": format_check}


def main() -> int:
    """Run what the one argument names."""
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python -m tests.ui.qml_tools {'|'.join(COMMANDS)}")
        return 2
    return COMMANDS[sys.argv[1]]()


if __name__ == "__main__":
    raise SystemExit(main())
