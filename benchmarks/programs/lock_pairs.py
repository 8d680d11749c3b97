"""Uncontended `with lock: pass`, N times in one thread; prints ns per pair."""

import sys
import threading
import time

n = int(sys.argv[1])
lock = threading.Lock()
rounds = range(n)
start = time.perf_counter_ns()
for _ in rounds:
    pass
empty = time.perf_counter_ns() - start
start = time.perf_counter_ns()
for _ in rounds:
    with lock:
        pass
print((time.perf_counter_ns() - start - empty) / n)
