"""Writes every vector file; with --check only says whether any would change (exit 1)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.vectors import (
    make_bytes,
    make_document,
    make_events,
    make_evidence,
    make_keys,
    make_log,
    make_states,
)

FOLDER = Path(__file__).parent
MODULES = (make_bytes, make_keys, make_document, make_events, make_log, make_states, make_evidence)


def render(content: Mapping[str, Any]) -> str:
    """The text of a vector file: readable, ASCII only, the same on every computer."""
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def files() -> dict[str, str]:
    """Name and text of every vector file."""
    found: dict[str, str] = {}
    for module in MODULES:
        for name, content in module.build().items():
            if name in found:
                raise ValueError(f"Two modules make {name}.")
            found[name] = render(content)
    return found


def main(arguments: list[str]) -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(prog="python -m tests.vectors.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    options = parser.parse_args(arguments)
    changed = []
    for name, text in files().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text("utf-8") != text:
            changed.append(name)
            if not options.check:
                path.write_text(text, "utf-8")
    for name in changed:
        print(("would change " if options.check else "wrote ") + name)
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
