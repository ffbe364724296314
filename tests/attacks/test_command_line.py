"""`cms verify` as a real process against inputs, limits and readers that are not what it expects: every end has the
exit code that says what it was, and 1 ("altered") is never one of them by accident.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cms_backend.core.evidence import MAX_FILE
from cms_desktop.cli.entry import EXIT_FAULT, EXIT_STOPPED
from tests.docs.commands import tables
from tests.docs.reader import OPERATIONS
from tests.support.ledger_anvil import free_port
from tests.support.verify_world import World

PATIENCE = 60
COMMAND = (sys.executable, "-m", "cms_desktop.cli")
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.cmsproof"
    path.write_bytes(World().complete().evidence().to_bytes())
    return path


def verify(*arguments: str | bytes | Path, home: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """`cms verify` in a process of its own."""
    command = [*COMMAND, "--home", str(home), "verify", *arguments]
    return subprocess.run(
        command, capture_output="stdout" not in options, text=True, check=False, timeout=PATIENCE, **options
    )


def assert_quiet(said: str) -> None:
    """No traceback, and nothing that Python says when an output is lost."""
    assert "Traceback" not in said
    assert "Exception ignored" not in said


# --- what is no file ------------------------------------------------------------------------------------------


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _socket(path: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
    return path


def _endless_link(path: Path) -> Path:
    path.symlink_to(path)
    return path


def _link_to_nothing(path: Path) -> Path:
    path.symlink_to(path.with_name("gone"))
    return path


def _link_to_device(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


def _huge(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    return path


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda _: Path("/dev/zero"), "a device"),
        (lambda _: Path("/dev/null"), "a device"),
        (_link_to_device, "a device"),
        (_pipe, "a pipe"),
        (_folder, "a folder"),
        (_socket, "a socket"),
        (_endless_link, "symbolic links"),
        (_link_to_nothing, "No such file"),
        (_huge, "larger than 256 MiB"),
        (lambda folder: folder.with_name("n" * 300), "too long"),
    ],
)
def test_what_cannot_be_read_ends_at_once_with_74_and_is_named(
    tmp_path: Path, make: Callable[[Path], Path], named: str
) -> None:
    path = make(tmp_path / "x.cmsproof")
    began = time.monotonic()
    done = verify(path, home=tmp_path / "home")
    took = time.monotonic() - began
    assert (done.returncode, done.stdout) == (74, ""), done.stderr
    assert named in done.stderr
    assert path.name in done.stderr
    assert_quiet(done.stderr)
    print(f"{path.name[:20]} ({named}): ended with 74 after {took:.2f} s")


def test_an_endless_file_does_not_keep_the_next_from_being_judged(tmp_path: Path, good: Path) -> None:
    done = verify("/dev/zero", good, home=tmp_path)
    assert done.returncode == 74
    assert "Verified" in done.stdout


def test_a_pipe_from_the_shell_is_named(tmp_path: Path, good: Path) -> None:
    reader, writer = os.pipe()
    os.close(writer)
    done = verify(f"/dev/fd/{reader}", good, home=tmp_path, pass_fds=(reader,))
    os.close(reader)
    assert done.returncode == 74
    assert "This is a pipe, not a file." in done.stderr


# --- too little memory ----------------------------------------------------------------------------------------


def test_without_memory_it_ends_with_70_and_never_says_altered(tmp_path: Path, good: Path) -> None:
    """From a process that can barely start to one that has enough."""
    least = next(size for size in range(16, 512, 8) if _starts_within(size))
    codes: dict[int, int] = {}
    for size in range(least, least + 400, 20):
        done = verify(good, home=tmp_path, preexec_fn=_limit(size))
        codes[size] = done.returncode
        assert done.returncode in (0, 70), (size, done.returncode, done.stderr)
        if done.returncode:
            assert_quiet(done.stderr)
    assert set(codes.values()) == {0, 70}
    lacking = sum(code == 70 for code in codes.values())
    print(f"{len(codes)} limits of memory: {lacking} ended with 70, {len(codes) - lacking} with the verdict")


def test_a_file_that_is_larger_than_the_memory_ends_with_70(tmp_path: Path) -> None:
    path = tmp_path / "big.cmsproof"
    with path.open("wb") as file:
        file.write(b'{"anchors":[')
        file.truncate(MAX_FILE)
    done = verify(path, home=tmp_path, preexec_fn=_limit(300))
    assert done.returncode == 70, done.stderr
    assert "not enough memory" in done.stderr


def _limit(mebibytes: int) -> Callable[[], None]:
    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * MIB, mebibytes * MIB))

    return set_limit


def _starts_within(mebibytes: int) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", "import site"],
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        preexec_fn=_limit(mebibytes),
    )
    return done.returncode == 0 and not done.stderr


# --- nodes that are none --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1:-1",
        "http://127.0.0.1:eight",
        "http://",
        "127.0.0.1:8545",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://[::1",
        "http://a b/",
        "http://a\nb/",
        "",
    ],
)
def test_an_address_that_no_node_can_have_is_wrong_usage(tmp_path: Path, good: Path, url: str) -> None:
    done = verify("--rpc", url, good, home=tmp_path)
    assert (done.returncode, done.stdout) == (64, ""), done.stderr
    assert_quiet(done.stderr)


def test_the_password_in_an_address_is_not_repeated(tmp_path: Path, good: Path) -> None:
    done = verify("--rpc", "http://user:hunter2@127.0.0.1:99999", good, home=tmp_path)
    assert done.returncode == 64
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "x" * 70 + ".invalid", "xn--.invalid", "a..b", "\u00e9" * 64])
def test_a_node_that_cannot_be_reached_leaves_the_verdict(tmp_path: Path, good: Path, host: str) -> None:
    done = verify("--rpc", f"http://{host}:{free_port()}", good, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Verified" in done.stdout
    assert_quiet(done.stderr)


# --- output that goes nowhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("-v",), ("--json",)])
def test_a_reader_that_went_away_is_74_and_never_1(
    tmp_path: Path, good: Path, options: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = verify(*options, good, home=tmp_path, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 74
    assert_quiet(done.stderr)


def test_help_for_a_reader_that_went_away_is_74(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = verify("--help", home=tmp_path, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 74
    assert_quiet(done.stderr)


def test_a_full_disk_under_the_output_is_74_unless_the_verdict_is_worse(tmp_path: Path, good: Path) -> None:
    bad = tmp_path / "bad.cmsproof"
    bad.write_bytes(b"{}")
    with Path("/dev/full").open("w") as full:
        done = verify("-v", good, home=tmp_path, stdout=full, stderr=subprocess.PIPE)
        worse = verify(bad, home=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, worse.returncode) == (74, 1)
    assert_quiet(done.stderr)


def test_without_standard_streams_the_exit_code_is_the_verdict(tmp_path: Path, good: Path) -> None:
    command = " ".join(
        [*COMMAND, "--home", str(tmp_path / "home"), "verify", str(good), "<&-", ">&-", "2>&-"]
    )
    assert subprocess.run(["sh", "-c", command], check=False, timeout=PATIENCE).returncode == 0


def test_letters_that_the_terminal_lacks_and_names_that_are_no_text_are_written_out(
    tmp_path: Path, good: Path
) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"Vertr\xe4ge \xff.cmsproof")  # noqa: PTH118 - a name in bytes
    Path(os.fsdecode(odd)).write_bytes(good.read_bytes())
    for options in ((), ("--json",), ("-v",)):
        done = verify(*options, odd, home=tmp_path, env={**os.environ, "PYTHONIOENCODING": "ascii"})
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()
    (line,) = verify("--json", odd, home=tmp_path).stdout.splitlines()
    assert json.loads(line)["file"].endswith("ge \\xff.cmsproof")


# --- ends from outside and from inside ------------------------------------------------------------------------


def test_ctrl_c_while_a_node_is_silent_is_130(tmp_path: Path, good: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen(
            [*COMMAND, "--home", str(tmp_path), "verify", "--rpc", address, str(good)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has the signal ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        connection, _ = silent.accept()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        took = time.monotonic() - began
        connection.close()
    assert (process.returncode, out) == (130, ""), err
    assert_quiet(err)
    assert took < 5
    print(f"Ctrl-C while a node is silent: 130 after {took:.2f} s")


@pytest.mark.parametrize(
    "kind", ["ValueError", "OverflowError", "RecursionError", "MemoryError", "AssertionError"]
)
@pytest.mark.parametrize(
    "where", ["cms_backend.core.verify:verify_evidence", "cms_desktop.cli.verify:check_nodes"]
)
def test_a_fault_of_ours_is_70_and_does_not_tell_what_it_held(
    tmp_path: Path, good: Path, kind: str, where: str
) -> None:
    module, _, name = where.partition(":")
    program = (
        f"import sys, {module} as module\n"
        f"def fail(*_, **__): raise {kind}('correct horse battery')\n"
        f"module.{name} = fail\n"
        "from cms_desktop.cli.entry import main\n"
        f"sys.argv = ['cms', '--home', {str(tmp_path)!r}, 'verify', {str(good)!r}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout) == (70, ""), done.stderr
    assert "correct horse" not in done.stderr
    assert ("memory" if kind == "MemoryError" else kind) in done.stderr
    assert_quiet(done.stderr)


def test_a_program_that_cannot_be_loaded_ends_with_70(tmp_path: Path, good: Path) -> None:
    program = (
        "import sys\nsys.modules['typer'] = None\nfrom cms_desktop.cli.entry import main\n"
        f"sys.argv = ['cms', 'verify', {str(good)!r}]\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 70
    assert_quiet(done.stderr)


# --- every code of the table, every option --------------------------------------------------------------------


def test_each_exit_code_that_operations_lists_is_how_a_real_process_ends(tmp_path: Path, good: Path) -> None:
    bad, gone = tmp_path / "bad.cmsproof", tmp_path / "gone.cmsproof"
    bad.write_bytes(good.read_bytes().replace(b'"terms', b'"Terms', 1))
    ended = {
        verify(*arguments, home=tmp_path).returncode
        for arguments in (
            (good,),
            ("-v", "--require", "in-force", good),
            ("--json", "--require", "in-force", good, good),
            (bad,),
            ("--require", "in-force,anchor,tail", good),
            ("--require", "luck", good),
            (gone,),
        )
    }
    table = next(rows for rows in tables(OPERATIONS) if rows[0][0] == "exit code of `cms verify`")
    listed = {int(row[0]) for row in table[1:]}
    # How a process comes to 70 and 130 is tried above.
    assert ended | {EXIT_FAULT, EXIT_STOPPED} == listed == {0, 1, 2, 64, 70, 74, 130}
