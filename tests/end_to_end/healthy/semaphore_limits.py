"""A bounded semaphore lets three in at a time; a plain one, empty at first, signals that items are ready."""

import threading
import time

limit = threading.BoundedSemaphore(3)
inside, most = 0, 0
counts = threading.Lock()


def visit() -> None:
    global inside, most
    with limit:
        with counts:
            inside += 1
            most = max(most, inside)
        time.sleep(0.005)
        with counts:
            inside -= 1


threads = [threading.Thread(target=visit) for _ in range(9)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(most <= 3, inside)

ready, shelf, taken = threading.Semaphore(0), [], []


def take() -> None:
    for _ in range(10):
        ready.acquire()
        taken.append(shelf.pop())


taker = threading.Thread(target=take)
taker.start()
for n in range(10):
    shelf.append(n)
    ready.release()
taker.join()
print(sorted(taken), ready.acquire(blocking=False))
