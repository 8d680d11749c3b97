# expects: lock_order_inversion
"""Two threads take two locks in opposite orders, at different times: nothing happens this time."""

import threading
import time

disk, network = threading.Lock(), threading.Lock()


def save(pause: float) -> None:
    time.sleep(pause)
    with disk, network:
        pass


def load(pause: float) -> None:
    time.sleep(pause)
    with network, disk:
        pass


threads = [threading.Thread(target=save, args=(0.0,)), threading.Thread(target=load, args=(0.1,))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
