# expects: oversized_critical_section
"""Three threads sleep with the lock in their hands."""

import threading
import time

lock = threading.Lock()


def work() -> None:
    for _ in range(5):
        with lock:
            time.sleep(0.08)


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
