"""One backend per data folder: how it starts, what it publishes, and every way it ends."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cms_backend import process
from cms_backend.core import attach
from cms_backend.db.migrate import migrate
from tests.support.backend_contracts import Story
from tests.support.backend_process import BackendProcess
from tests.support.frozen_homes import log_of, post, settled


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_started_backend_serves_and_publishes_how_to_reach_it_to_its_user_alone(home: Path) -> None:
    with BackendProcess(home) as backend:
        run_file = home / "run.json"
        assert run_file.stat().st_mode & 0o777 == 0o600
        run = json.loads(run_file.read_text())
        assert run["pid"] == backend.process.pid
        assert run.keys() >= {"pid", "port", "launch_secret", "version", "started_at"}
        health = backend.get("/health")
        assert health["status"] == "ok"
        assert health["pid"] == run["pid"]
        assert backend.get("/status")["log"]["size"] >= 0
    assert not run_file.exists()
    assert backend.process.returncode == 0


def test_no_secret_is_in_the_log_file(home: Path) -> None:
    with BackendProcess(home) as backend:
        backend.get("/status")
        httpx.get(f"{backend.url}/status", headers={attach.HEADER: "wrong-secret-value"})
    text = (home / "logs" / "backend.log").read_text()
    assert "backend.ready" in text
    keys = json.loads((home / "backend-keys.json").read_text()).values()
    for secret in (backend.run["launch_secret"], "wrong-secret-value", *keys):
        assert secret not in text


def test_a_second_backend_on_the_folder_is_refused_and_the_first_goes_on(home: Path) -> None:
    with BackendProcess(home) as first:
        code, errors = BackendProcess(home).wait()
        assert code == process.EXIT_TAKEN
        assert "already runs" in errors
        assert first.get("/health")["status"] == "ok"


def test_the_end_of_standard_input_ends_a_child(home: Path) -> None:
    backend = BackendProcess(home).ready()
    assert backend.process.stdin is not None
    backend.process.stdin.close()
    backend.process.stdin = None
    code, _ = backend.wait()
    assert code == 0
    assert not (home / "run.json").exists()


def test_a_child_ends_when_its_parent_is_killed(home: Path) -> None:
    script = (
        "import subprocess, sys\n"
        f"serve = ['-m', 'cms_backend', 'serve', '--home', {str(home)!r}, '--child']\n"
        "pipe = subprocess.PIPE\n"
        "child = subprocess.Popen([sys.executable, *serve], stdin=pipe, stdout=pipe)\n"
        "print(child.stdout.readline().decode(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = json.loads(parent.stdout.readline())["pid"]
    descriptor = os.pidfd_open(pid)
    parent.kill()
    parent.communicate()
    # The descriptor becomes readable when the process has ended.
    import select

    assert select.select([descriptor], [], [], 20)[0]
    os.close(descriptor)


def test_without_child_the_end_of_standard_input_is_nothing(home: Path) -> None:
    backend = BackendProcess(home, child=False).ready()
    assert backend.process.stdin is not None
    backend.process.stdin.close()
    backend.process.stdin = None
    assert backend.get("/health")["status"] == "ok"
    backend.process.send_signal(signal.SIGTERM)
    assert backend.wait()[0] == 0


def test_stop_over_http_needs_the_launch_secret_and_ends_it(home: Path) -> None:
    backend = BackendProcess(home).ready()
    assert httpx.post(f"{backend.url}/backend/stop").status_code == 401
    assert backend.post("/backend/stop") == {"stopping": True}
    assert backend.wait()[0] == 0


def test_an_open_event_stream_does_not_hold_the_stop_up(home: Path) -> None:
    with (
        BackendProcess(home) as backend,
        httpx.stream("GET", f"{backend.url}/stream", headers=backend.headers, timeout=20) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        backend.process.send_signal(signal.SIGTERM)
        rest = list(lines)
    assert any("stopping" in line for line in rest)
    assert backend.process.returncode == 0


def test_after_kill_9_the_folder_is_free_and_nothing_is_lost(home: Path) -> None:
    with BackendProcess(home) as first:
        origin = first.get("/log/info")["origin"]
        first.process.kill()
        first.process.wait()
        with BackendProcess(home) as second:
            assert second.get("/log/info")["origin"] == origin


def test_a_taken_port_is_said(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, errors = BackendProcess(home, "--port", str(other.getsockname()[1])).wait()
    assert code == process.EXIT_PORT_TAKEN
    assert "taken by another program" in errors


def test_a_database_of_a_newer_version_is_said_and_left_untouched(home: Path) -> None:
    database = home / "cms.sqlite3"
    migrate(database)
    connection = sqlite3.connect(database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    before = database.read_bytes()
    code, errors = BackendProcess(home).wait()
    assert code == process.EXIT_NEWER_DATABASE
    assert "newer version" in errors
    assert database.read_bytes() == before


def test_lost_keys_are_said_instead_of_beginning_another_log(home: Path) -> None:
    with BackendProcess(home):
        pass
    (home / "backend-keys.json").unlink()
    code, errors = BackendProcess(home).wait()
    assert code == process.EXIT_CONFIG
    assert "the key of that log is not here" in errors


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, errors = BackendProcess(tmp_path / "file" / "home").wait()
    assert code == process.EXIT_IO
    assert "cannot be used" in errors


def test_a_spelling_mistake_in_the_settings_is_said(home: Path, tmp_path: Path) -> None:
    config = tmp_path / "cms.yaml"
    config.write_text("server:\n  prot: 1\n")
    code, errors = BackendProcess(home, "--config", str(config)).wait()
    assert code == process.EXIT_CONFIG
    assert "server.prot" in errors


@pytest.mark.parametrize("options", [["--prot", "1"], ["--port", "many"]])
def test_wrong_usage_ends_with_its_own_code(home: Path, options: list[str]) -> None:
    code, errors = BackendProcess(home, *options).wait()
    assert code == process.EXIT_USAGE
    assert options[0] in errors


def test_a_backup_of_a_running_home_starts_elsewhere_with_the_same_log(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with BackendProcess(home) as backend:
        origin = backend.get("/log/info")["origin"]
        command = [sys.executable, "-m", "cms_backend", "backup", "--home", str(home), "--out", str(copy)]
        subprocess.run(command, check=True, capture_output=True)
        again = subprocess.run(command, check=False, capture_output=True, text=True)
        assert again.returncode == process.EXIT_IO
        assert "already exists" in again.stderr
    assert not (copy / "run.json").exists()
    with BackendProcess(copy) as backend:
        assert backend.get("/log/info")["origin"] == origin


def test_the_api_description_is_printed_without_a_home() -> None:
    command = [sys.executable, "-m", "cms_backend", "openapi"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert json.loads(printed)["paths"]


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://cms:hunter2@127.0.0.1/cms", "sqlite+aiosqlite:////tmp/x", ""]
)
def test_a_database_that_cannot_be_used_is_refused_with_a_reason(
    home: Path, tmp_path: Path, url: str
) -> None:
    config = tmp_path / "cms.yaml"
    config.write_text(f"database:\n  url: '{url}'\n")
    code, errors = BackendProcess(home, "--config", str(config)).wait()
    assert code == process.EXIT_CONFIG
    assert "database.url is set" in errors
    assert "hunter2" not in errors
    assert not (home / "cms.sqlite3").exists()


def test_a_head_that_cannot_be_kept_is_named_and_published_once_it_can(home: Path) -> None:
    with BackendProcess(home) as backend:
        status = settled(backend, 1)
        head = home / "log-head.json"
        head.unlink()
        head.mkdir()
        assert post(backend, Story(log=log_of(backend)).signed_by_both()) == 4
        deadline = time.monotonic() + 20
        while (trouble := backend.get("/status")["log"]["trouble"]) is None:
            assert time.monotonic() < deadline
        assert "log-head.json" in trouble
        assert backend.get("/status")["log"]["size"] == status["log"]["size"]
        head.rmdir()
        status = settled(backend, status["log"]["size"] + 4)
        assert status["log"]["trouble"] is None
        assert json.loads(head.read_bytes())["size"] == status["log"]["size"]
