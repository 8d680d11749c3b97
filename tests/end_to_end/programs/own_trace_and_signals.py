"""Has its own trace function and signal handlers, and both must go on working."""

import os
import signal
import sys
import threading

lines = set()
caught = []
lock = threading.Lock()


def trace(frame, event, arg):
    if frame.f_code.co_name == "traced":
        lines.add(frame.f_lineno - frame.f_code.co_firstlineno)
        return trace
    return None


def traced() -> None:
    with lock:
        pass


signal.signal(signal.SIGUSR1, lambda number, frame: caught.append(number))
sys.settrace(trace)
traced()
sys.settrace(None)
os.kill(os.getpid(), signal.SIGUSR1)
print(sorted(lines), caught == [signal.SIGUSR1])
