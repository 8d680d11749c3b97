"""Two locks in both orders, but the second one only with a time limit, and everything given back on failure."""

import threading
import time

left, right = threading.Lock(), threading.Lock()
done: list[str] = []


def with_limit(name: str, first: threading.Lock, second: threading.Lock, pause: float) -> None:
    for _ in range(5):
        while True:
            with first:
                if second.acquire(timeout=0.01):
                    try:
                        done.append(name)
                        break
                    finally:
                        second.release()
            time.sleep(pause)


def without_waiting(name: str) -> None:
    for _ in range(5):
        while True:
            with right:
                if left.acquire(blocking=False):
                    left.release()
                    done.append(name)
                    break
            time.sleep(0.002)


threads = [
    threading.Thread(target=with_limit, args=("a", left, right, 0.003)),
    threading.Thread(target=with_limit, args=("b", right, left, 0.005)),
    threading.Thread(target=without_waiting, args=("c",)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print({name: done.count(name) for name in "abc"})
