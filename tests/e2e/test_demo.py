"""The main job, end to end, as `make demo` runs it: two homes, two real backends, a third home that verifies."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def cms(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The `cms` command in a process of its own, on a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cms_desktop.cli", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "CMS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    done = cms("demo", "--out", folder / "out", home=folder / "unused")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out", done.stdout


def test_the_demo_writes_evidence_certificate_and_reports(told: tuple[Path, str]) -> None:
    out, _ = told
    assert (out / "contract.cmsproof").read_bytes().startswith(b'{"anchors":')
    assert (out / "certificate.pdf").read_bytes().startswith(b"%PDF")
    assert "<!doctype html>" in (out / "report.html").read_text("utf-8").lower()
    report = json.loads((out / "report.json").read_bytes())
    assert report["verdict"] == "verified"
    assert report["revision"] == 2
    assert report["open_items"] == []


def test_the_demo_says_what_settled_and_what_was_caught(told: tuple[Path, str]) -> None:
    _, said = told
    assert "Revision 2 is in force: both have signed." in said
    assert "There: Verified." in said
    assert "Altered." in said
    assert "DOC-ROOT" in said


@pytest.mark.parametrize("name", ["contract.cmsproof", "certificate.pdf"])
def test_an_empty_home_verifies_the_file_and_the_certificate(
    told: tuple[Path, str], tmp_path: Path, name: str
) -> None:
    out, _ = told
    done = cms("verify", out / name, "--require", "in-force", home=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "local ledger of another computer" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_anchor_that_cannot_be_asked_is_open_never_failed(told: tuple[Path, str], tmp_path: Path) -> None:
    out, _ = told
    done = cms("verify", out / "contract.cmsproof", "--require", "anchor", home=tmp_path)
    assert done.returncode == 2
    dead = cms("verify", out / "contract.cmsproof", "--rpc", "http://127.0.0.1:9", home=tmp_path)
    assert dead.returncode == 0


def test_of_several_files_the_worst_counts_and_each_has_a_line(
    told: tuple[Path, str], tmp_path: Path
) -> None:
    out, _ = told
    data = (out / "contract.cmsproof").read_bytes()
    (tmp_path / "changed.cmsproof").write_bytes(data.replace(b"21 days", b"91 days", 1))
    (tmp_path / "cut.cmsproof").write_bytes(data[:-10])
    files = [out / "contract.cmsproof", tmp_path / "changed.cmsproof", tmp_path / "cut.cmsproof"]
    done = cms("verify", *files, home=tmp_path / "home")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(": ")[1].split(".")[0] for line in lines] == ["Verified", "Altered", "No proof"]


def test_json_is_one_report_a_line(told: tuple[Path, str], tmp_path: Path) -> None:
    out, _ = told
    done = cms("verify", "--json", out / "contract.cmsproof", out / "certificate.pdf", home=tmp_path)
    assert [json.loads(line)["verdict"] for line in done.stdout.splitlines()] == ["verified", "verified"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify",), 64),
        (("verify", "--require", "everything", "x"), 64),
        (("nothing-like-that",), 64),
        (("verify", "not-there.cmsproof"), 74),
        (("wallet", "show"), 1),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = cms(*arguments, home=tmp_path)
    assert done.returncode == code
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
