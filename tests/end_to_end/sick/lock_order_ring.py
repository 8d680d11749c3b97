# expects: lock_order_inversion
"""Three threads, three locks, each takes the next one too: a ring, though no two locks are ever swapped."""

import threading
import time

locks = [threading.Lock() for _ in range(3)]


def work(n: int) -> None:
    time.sleep(0.05 * n)
    with locks[n], locks[(n + 1) % 3]:
        pass


threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
