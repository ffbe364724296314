import json
import os
from pathlib import Path

import pytest

from tests.conformance.__main__ import main
from tests.conformance.exceptions import EXCEPTIONS
from tests.conformance.model import Outcome
from tests.conformance.runner import run_file, table
from tests.conformance.topics import FILES

ROOT = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("CMS_VECTORS", ROOT.parent / "shared" / "vectors"))
NEEDS_VECTORS = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the published vectors are not on this computer"
)


@NEEDS_VECTORS
@pytest.mark.parametrize("path", sorted(FILES))
def test_every_applicable_case_of_a_file_comes_out_as_published(path: str) -> None:
    report = run_file(VECTORS, path)
    assert report.results
    assert not report.failures, table([report])


@NEEDS_VECTORS
def test_no_file_of_vectors_is_left_out() -> None:
    assert {file.relative_to(VECTORS).as_posix() for file in VECTORS.rglob("*.json")} == set(FILES)


def _write(folder: Path, path: str, content: object) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))


def test_a_case_that_comes_out_otherwise_fails_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"id": "good", "input": "{ }", "expectedHex": "7b7d"}
    _write(tmp_path, "jcs/pairs.json", {"cases": [good]})
    assert main([str(tmp_path)]) == 0
    _write(tmp_path, "jcs/pairs.json", {"cases": [good, {**good, "id": "bad", "expectedHex": "00"}]})
    assert main([str(tmp_path)]) == 1
    assert "FAILED jcs/pairs.json bad" in capsys.readouterr().out


def test_a_file_that_nothing_runs_fails_the_run(tmp_path: Path) -> None:
    _write(tmp_path, "new/topic.json", {"cases": []})
    assert main([str(tmp_path)]) == 1


def test_a_topic_that_stops_early_fails_the_run(tmp_path: Path) -> None:
    _write(tmp_path, "merkle/checkpoints-parse-only.json", {"cases": [{"id": "x", "note": "no note"}]})
    report = run_file(tmp_path, "merkle/checkpoints-parse-only.json")
    assert [result.note for result in report.failures] == [
        "stopped after 0 cases: A note is a text, an empty line, and signature lines."
    ]


def test_an_exception_that_is_not_needed_any_more_fails_the_run(tmp_path: Path) -> None:
    path, case = next(key for key in EXCEPTIONS if key[0] == "fuzz/malformed-json.json")
    _write(tmp_path, path, {"cases": [{"id": case, "expect": "must-accept", "base64": "WzFd"}]})
    assert [result.outcome for result in run_file(tmp_path, path).results] == [Outcome.failed]


def test_every_exception_has_a_file_and_a_reason() -> None:
    assert all(
        path in FILES and reason.startswith(("policy:", "upstream:"))
        for (path, _), reason in EXCEPTIONS.items()
    )


def test_machines_get_one_json_line_per_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "jcs/pairs.json", {"cases": [{"id": "good", "input": "{ }", "expectedHex": "7b7d"}]})
    _write(tmp_path, "timestamps/ots.json", {"cases": [{"id": "a"}]})
    assert main([str(tmp_path), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["file"], line["passed"], line["not_applicable"]) for line in lines] == [
        ("jcs/pairs.json", 1, 0),
        ("timestamps/ots.json", 0, 1),
    ]
    assert lines[1]["reasons"] == ["OpenTimestamps is not used"]


def test_without_a_folder_the_usage_is_shown(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(tmp_path / "missing")])
    assert caught.value.code == 2
