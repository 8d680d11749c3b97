"""The application in a real terminal: keys in, screen out, and nothing left behind."""

import os
import signal
import sys
import tempfile
import termios
import time
from pathlib import Path

import psutil
import pytest
from terminal import Terminal

PROGRAMS = Path(__file__).parent / "programs"
APP = [sys.executable, "-m", "syncscope"]


def start(arguments: list[str], columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
    return Terminal([*APP, *arguments], columns, rows, environ)


def session_directories(terminal: Terminal) -> list[Path]:
    places = {Path("/dev/shm"), Path(tempfile.gettempdir())}
    return [found for place in places for found in place.glob(f"syncscope-{terminal.pid}-*")]


def family(terminal: Terminal) -> list[psutil.Process]:
    return psutil.Process(terminal.pid).children(recursive=True)


def gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [p for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def assert_restored(terminal: Terminal) -> None:
    """Alternate screen left, cursor shown, mouse off, line discipline as before."""
    raw = bytes(terminal.raw)
    assert raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h")
    assert raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
    assert raw.rfind(b"\x1b[?1000l") > raw.rfind(b"\x1b[?1000h")
    assert termios.tcgetattr(terminal.fd)[:4] == terminal.modes_before[:4]
    assert not session_directories(terminal)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_from_the_catalogue_to_a_finding_and_back(columns: int, rows: int) -> None:
    with start([], columns, rows) as terminal:
        terminal.wait_for("Race condition")
        terminal.send("\r")
        terminal.wait_for("cashier-4")
        terminal.wait_for("Lost update", seconds=30)
        processes = family(terminal)
        assert processes
        terminal.send("\x1b")
        terminal.wait_for("Producer")
        assert gone(processes)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


def test_a_deadlock_on_the_screen() -> None:
    with start(["run", str(PROGRAMS / "deadlock.py")]) as terminal:
        terminal.wait_for("Deadlock")
        terminal.send("q")
        terminal.wait_exit()
        assert_restored(terminal)


@pytest.mark.parametrize(
    ("program", "word"), [("segfault.py", "SIGSEGV"), ("kill_9.py", "SIGKILL"), ("exit_3.py", "3")]
)
def test_a_program_that_dies_is_shown_as_such(program: str, word: str) -> None:
    with start(["run", str(PROGRAMS / program)]) as terminal:
        terminal.wait_for(word)
        terminal.send("q")
        terminal.wait_exit()
        assert_restored(terminal)


def test_garbage_does_not_touch_the_screen() -> None:
    with start(["run", str(PROGRAMS / "garbage.py")]) as terminal:
        terminal.wait_for("ended")
        terminal.send("5")
        terminal.wait_for("^[]0;owned^G")
        assert b"owned\x07" not in terminal.raw
        terminal.send("q")
        terminal.wait_exit()
        assert_restored(terminal)


def test_kill_9_of_the_application_ends_the_program() -> None:
    with start(["run", str(PROGRAMS / "refuses_to_end.py")]) as terminal:
        terminal.wait_for("refuses_to_end")
        deadline = time.monotonic() + 20
        while len(processes := family(terminal)) < 3 and time.monotonic() < deadline:
            terminal.read(0.05)
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait_exit()
        assert gone(processes)
        deadline = time.monotonic() + 10
        while session_directories(terminal) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not session_directories(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    with start(["run", str(PROGRAMS / "refuses_to_end.py")]) as terminal:
        terminal.wait_for("live")
        processes = family(terminal)
        os.kill(terminal.pid, number)
        terminal.wait_exit()
        assert gone(processes)
        assert_restored(terminal)


def test_too_small_says_what_it_needs_and_comes_back() -> None:
    with start([], 40, 10) as terminal:
        terminal.wait_for("60")
        terminal.resize(80, 24)
        terminal.wait_for("Race condition")
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_without_a_terminal_it_says_so() -> None:
    import subprocess

    done = subprocess.run(
        APP, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
