"""Each thread counts in its own thread-local, and hands its sum in under a lock."""

import threading

own = threading.local()
sums: dict[str, int] = {}
sums_lock = threading.Lock()


def count(up_to: int) -> None:
    own.total = 0
    for n in range(up_to):
        own.total += n
    with sums_lock:
        sums[threading.current_thread().name] = own.total


threads = [threading.Thread(target=count, args=(n * 100,), name=f"counter-{n}") for n in range(1, 5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(sums.items()))
