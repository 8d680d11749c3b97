"""Idle daemon threads at the end, a timer, a condition that nobody notifies but that has a time limit."""

import queue
import subprocess
import sys
import threading

todo: "queue.Queue[int]" = queue.Queue()


def work() -> None:
    while True:
        todo.get()
        todo.task_done()


for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
for n in range(100):
    todo.put(n)
todo.join()

timer = threading.Timer(0.05, print, args=("timer",))
timer.start()
timer.join()

assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True).stdout == b"1\n"

changed = threading.Condition()
with changed:
    assert not changed.wait(0.05)
