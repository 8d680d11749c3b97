"""Real Python programs whose numbers of distinct orders are known, and how to explore them."""

from pathlib import Path

from syncscope_engine.explore.launch import explore
from syncscope_engine.explore.request import Request
from syncscope_engine.explore.verdict import Explored
from syncscope_engine.launch import Target

LOCKED_APPENDS = """
import sys, threading
lock = threading.Lock()
log = []
def work():
    for _ in range(int(sys.argv[2])):
        with lock:
            log.append(1)
threads = [threading.Thread(target=work) for _ in range(int(sys.argv[1]))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
DINING = """
import sys, threading
n = int(sys.argv[1])
forks = [threading.Lock() for _ in range(n)]
def dine(i):
    with forks[i]:
        with forks[(i + 1) % n]:
            pass
threads = [threading.Thread(target=dine, args=(i,)) for i in range(n)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
INCREMENTS = """
import sys, threading
class Counter:
    value = 0
counter = Counter()
def work():
    for _ in range(int(sys.argv[1])):
        counter.value += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert counter.value == 2 * int(sys.argv[1]), f"{counter.value} of {2 * int(sys.argv[1])}"
"""
ABBA = """
import threading
a = threading.Lock()
b = threading.Lock()
def one():
    with a:
        with b:
            pass
def two():
    with b:
        with a:
            pass
threads = [threading.Thread(target=one), threading.Thread(target=two)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
CONDITION_WITH_IF = """
import threading
items = []
condition = threading.Condition()
def produce():
    for n in range(2):
        with condition:
            items.append(n)
            condition.notify()
def consume():
    with condition:
        if not items:
            condition.wait()
        items.pop(0)
threads = [threading.Thread(target=work) for work in (produce, consume, consume)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def explored(folder: Path, source: str, *args: str, **asked: object) -> Explored:
    script = folder / "program.py"
    script.write_text(source)
    return explore(Target("program.py", script, args=args), Request(**asked))  # type: ignore[arg-type]
