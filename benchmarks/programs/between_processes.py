"""N operations on what two processes share; prints ns for each.

python between_processes.py pipe|queue|lock N
"""

import multiprocessing as mp
import sys
import time


def answer(there, back, n):
    for _ in range(n):
        back.send(there.recv())


def put(queue, n):
    for i in range(n):
        queue.put(i)


def lock_and_release(lock, n):
    for _ in range(n):
        with lock:
            pass


def main() -> None:
    kind, n = sys.argv[1], int(sys.argv[2])
    context = mp.get_context("fork")
    if kind == "pipe":
        (there, child_there), (back, child_back) = context.Pipe(), context.Pipe()
        child = context.Process(target=answer, args=(child_there, child_back, n))
    elif kind == "queue":
        queue = context.Queue()
        child = context.Process(target=put, args=(queue, n))
    else:
        lock = context.Lock()  # nobody waits for it: contention would be what is measured
        child = context.Process(target=lock_and_release, args=(lock, 1))
        child.start()
        child.join()
        child = context.Process()
    child.start()
    start = time.perf_counter_ns()
    if kind == "pipe":
        for i in range(n):
            there.send(i)
            back.recv()
    elif kind == "queue":
        for _ in range(n):
            queue.get()
    else:
        lock_and_release(lock, n)
    print((time.perf_counter_ns() - start) / n)
    child.join()


if __name__ == "__main__":
    main()
