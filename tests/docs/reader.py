"""A reader of the documents: two people at two data folders, who type what is shown and fill in what is left open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.commands import ROOT, Command, blocks
from tests.docs.terminal import run

README, OPERATIONS, CONTRIBUTING = (
    ROOT / "README.md",
    ROOT / "docs/operations.md",
    ROOT / "docs/contributing.md",
)

NOT_RUN = {
    "make run": "it opens the window and waits for a person; tests/ui opens it without one",
    "make test": "it would run this suite inside itself",
}
"""Commands of the documents that no test runs, with the reason; `make` can at least say what it would do."""

PEOPLE = ("Idris", "Katrin")
_ID = re.compile(r"^(Draft|Contract) ([0-9a-f-]{16,36})", re.MULTILINE)
_DID = re.compile(r"did:key:z\w+")


@dataclass
class Desk:
    """A folder for files, a data folder for each person, and what the commands have told so far."""

    folder: Path
    told: dict[str, str] = field(default_factory=dict)
    dids: dict[str, str] = field(default_factory=dict)

    def home(self, person: str) -> Path:
        """A person's data folder; that of anybody else is empty."""
        return self.folder / f"home of {person or 'anybody'}"

    def type(self, command: Command) -> str:
        """Run a command of a document with the names that it leaves open filled in; it must end well."""
        person = next((one for one in PEOPLE if command.remark.startswith(one)), "")
        line = re.sub(
            r"\b(DRAFT|CONTRACT|FOLDER|NEW_HOME)\b", lambda found: self.told[found[1]], command.text
        )
        said = run(line, home=self.home(person), folder=self.folder)
        for word, value in _ID.findall(said):
            self.told[word.upper()] = value
        if command.words[:3] == ("cms", "wallet", "create"):
            self.dids[person] = _DID.findall(said)[0]
        return said


def agreement(desk: Desk) -> str:
    """The example of the README with the DIDs of these two people."""
    text = next(one.text for one in blocks(README) if one.language == "markdown")
    for person in PEOPLE:
        text = re.sub(rf'(name = "{person}.*"\ndid = ").*(")', rf"\g<1>{desk.dids[person]}\g<2>", text)
    return text
