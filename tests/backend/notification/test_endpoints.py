"""The event stream, as a client of the real server sees it."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_an_accepted_event_is_told_then_its_place_in_the_log_then_the_end(tmp_path: Path) -> None:
    with BackendProcess(tmp_path / "home") as backend:
        info = backend.get("/log/info")
        story = Story(log={"vkey": info["vkey"], "operator": info["operator"]})
        with httpx.stream("GET", f"{backend.url}/stream", headers=backend.headers, timeout=20) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            accepted = backend.post("/contracts", story.create().body)
            told = _events(lines)
            heard: dict[str, dict[str, object]] = {}
            while "logged" not in heard:
                name, data = next(told)
                if name == "contract":
                    heard[str(data["what"])] = data
            assert heard["accepted"] == {
                "contract": story.contract,
                "digest": accepted["digest"],
                "what": "accepted",
            }
            assert heard["logged"]["digest"] == accepted["digest"]
            backend.post("/backend/stop")
            assert ("backend", "stopping") in [(name, data["what"]) for name, data in told]
