"""After the first frame the window goes on answering: what is heavy is imported beside it."""

from __future__ import annotations

import subprocess
import sys

# Qt's own, and what declares types to it.
QTS = (
    "PySide6",
    "shiboken6",
    "cms_desktop.clipboard",
    "cms_desktop.log_keeper",
    "cms_desktop.models",
    "cms_desktop.services",
    "cms_desktop.viewmodels.",
)

PROGRAM = """
import importlib, sys
import cms_desktop.app
from cms_desktop.loading import WITH_QT, WITHOUT_QT
for name in WITHOUT_QT:
    importlib.import_module(name)
before = set(sys.modules)
for name in WITH_QT:
    importlib.import_module(name)
print("\\n".join(sorted(set(sys.modules) - before)))
"""
DECLARED = """
import importlib, sys
import cms_desktop.app
from PySide6.QtCore import QObject
from cms_desktop.loading import WITHOUT_QT
before = set(map(id, QObject.__subclasses__()))
for name in WITHOUT_QT:
    importlib.import_module(name)
print("\\n".join(one.__name__ for one in QObject.__subclasses__() if id(one) not in before))
"""


def run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_on_the_thread_of_the_window_only_pages_and_their_models_are_imported() -> None:
    heavy = [name for name in run(PROGRAM) if not name.startswith(QTS)]
    assert heavy == []


def test_no_type_is_declared_to_qt_on_another_thread() -> None:
    assert run(DECLARED) == []
