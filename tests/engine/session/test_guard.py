"""When the observer itself is killed, nothing of the program stays behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from syncscope_engine import directory
from syncscope_engine.family import read_process
from syncscope_engine.guard import Guard

OBSERVER = """
import sys, time
from pathlib import Path
from syncscope_engine.session import Session, Target

session = Session(Target("x", Path(sys.argv[1])))
session.start()
print(session._directory, flush=True)
while True:
    session.poll()
    for output in session.recording.outputs:
        print(output.text, end="", flush=True)
    session.recording.outputs.clear()
    time.sleep(0.01)
"""

PROGRAM = """
import os, signal, subprocess, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid())
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: print(os.getpid())
    else: os._exit(0)
else:
    print(subprocess.Popen(["sleep", "600"], start_new_session=True).pid)
time.sleep(600)
"""


def lives(pid: int) -> bool:
    process = read_process(pid)
    return process is not None and process.state not in "ZX"


def test_killing_the_observer_ends_the_program_and_its_children(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, "-c", OBSERVER, str(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as observer:
        assert observer.stdout is not None
        folder = observer.stdout.readline().strip()
        pids = [int(observer.stdout.readline()) for _ in range(3)]
        assert os.path.isdir(folder)
        assert all(map(lives, pids))
        observer.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    while any(map(lives, pids)) or os.path.exists(folder):
        assert time.monotonic() - killed < 10
        time.sleep(0.005)
    # A second is promised; the rest is for a busy machine.
    assert time.monotonic() - killed < 5


def test_the_guard_goes_quietly_when_all_is_done(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.touch()
    guard = Guard(str(tmp_path))
    guard.watch(1 << 22)
    assert os.getsid(guard.pid) == guard.pid
    guard.dismiss()
    guard.dismiss()
    assert not lives(guard.pid)
    assert kept.exists()


def test_what_a_dead_session_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_MEMORY", str(tmp_path / "no such"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    me = read_process(os.getpid())
    assert me is not None
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (
        f"syncscope-{dead.pid}-5-x",
        f"syncscope-{os.getpid()}-{me.start - 1}-reused",
        "syncscope-notes",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1-1.ring").touch()
    mine = directory.create()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [os.path.basename(mine), "syncscope-notes"]
    assert mine.startswith(str(tmp_path / f"syncscope-{os.getpid()}-{me.start}-"))
    directory.remove(mine)
    assert not os.path.exists(mine)
