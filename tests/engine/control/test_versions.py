"""The same choices give the same steps on every Python."""

import json
import random
import subprocess
from pathlib import Path

import pytest

import syncscope_engine
from controlled import file_execution
from pythons import find, installed
from syncscope_engine.control.execution import Point

PROGRAM = """
import queue, threading, time
class Account:
    def __init__(self):
        self.balance, self.log, self.lock = 10, [], threading.RLock()
    def move(self, n):
        with self.lock:
            self.balance -= n
            self.log.append(n)
        if self.balance < 0 and self.log: total[0] = sum(self.log)
total, jobs, account = [0], queue.Queue(), Account()
condition, done = threading.Condition(), False
def work():
    global done
    for n in [jobs.get() for _ in range(2)]:
        account.move(n)
        account.balance += 1
        time.sleep(0.5)
    with condition:
        done = True
        condition.notify_all()
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for n in range(4): jobs.put(n)
with condition:
    while not done: condition.wait(5)
for thread in threads: thread.join()
print(account.balance, account.log, total, time.monotonic())
"""
CHILD = """
import importlib, json, random, sys
sys.path.insert(0, sys.argv[1])
from syncscope_engine.control.execution import Execution
from syncscope_engine.control.program import Program
found = []
for granularity in ("sync", "access", "line"):
    run = Execution(Program([sys.argv[2]]), granularity).run
    for seed in range(3):
        choose = random.Random(seed).choice
        result = run(lambda point: choose(point.enabled))
        found.append([result.outcome, result.output, result.steps])
json.dump(found, sys.stdout)
"""


@pytest.mark.parametrize("version", installed())
def test_the_steps_are_the_same(version: str, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    engine = Path(syncscope_engine.__file__).parents[1]
    done = subprocess.run(
        [find(version), "-c", CHILD, str(engine), str(script)],
        capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "5"},
    )  # fmt: skip
    here = []
    for granularity in ("sync", "access", "line"):
        run = file_execution(script, granularity).run
        for seed in range(3):
            choice = random.Random(seed).choice

            def choose(point: Point, choice: object = choice) -> int:
                return choice(point.enabled)  # type: ignore[operator, no-any-return]

            result = run(choose)
            assert result.outcome == "finished"
            here.append([result.outcome, result.output, result.steps])
    assert json.loads(done.stdout) == json.loads(json.dumps(here))
