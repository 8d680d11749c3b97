"""N items put by one thread and got by another through a queue.Queue; prints ns per item."""

import queue
import sys
import threading
import time

n = int(sys.argv[1])
items: "queue.Queue[int]" = queue.Queue()


def consume() -> None:
    for _ in range(n):
        items.get()


consumer = threading.Thread(target=consume, name="consumer")
start = time.perf_counter_ns()
consumer.start()
for i in range(n):
    items.put(i)
consumer.join()
print((time.perf_counter_ns() - start) / n)
