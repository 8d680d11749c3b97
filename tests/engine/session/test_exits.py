"""How processes end that are not our children, as far as the system tells."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from syncscope_engine.exits import ExitWatch

MIDDLE = """
import os, sys, time
def child():
    go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go[1])
        os.read(go[0], 1)
        if len(sys.argv) > 1: os.kill(os.getpid(), 9)
        os._exit(3)
    return pid, go[1]
(zombie, first), (reaped, second) = child(), child()
print(zombie, reaped, flush=True)
sys.stdin.read()
os.close(first); os.close(second)
os.waitpid(reaped, 0)
os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
print("done", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("with_pidfd", [True, False])
@pytest.mark.parametrize(("args", "status"), [((), 3), (("kill",), -9)])
def test_zombies_and_reaped_children_of_others(
    with_pidfd: bool, args: tuple[str, ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_pidfd:
        monkeypatch.delattr("os.pidfd_open")
    command = [sys.executable, "-c", MIDDLE, *args]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as middle:
        assert middle.stdin is not None
        assert middle.stdout is not None
        zombie, reaped = map(int, middle.stdout.readline().split())
        watch = ExitWatch()
        watch.add(zombie)
        watch.add(reaped)
        watch.add(reaped)
        assert watch.ended() == []
        middle.stdin.close()
        assert middle.stdout.readline() == "done\n"
        found = dict(watch.ended())
        assert found.keys() == {zombie, reaped}
        assert found[zombie] == status
        assert found[reaped] in (status, None)  # Linux 6.15 tells it also after the parent has taken it
        assert watch.ended() == []
        watch.close()
        middle.kill()


def test_one_that_has_ended_before() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    watch = ExitWatch()
    watch.add(process.pid)
    assert watch.ended() == [(process.pid, None)]
    watch.close()


def test_many_are_cheap_while_they_live(tmp_path: Path) -> None:
    watch = ExitWatch()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        watch.add(process.pid)
        began = time.thread_time_ns()
        for _ in range(100):
            assert watch.ended() == []
        assert (time.thread_time_ns() - began) / 100 < 1_000_000
    watch.close()
