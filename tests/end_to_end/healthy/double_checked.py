"""A service that is made once, by whoever needs it first: looked at without the lock, then with it."""

import threading
import time


class Service:
    n_made = 0

    def __init__(self) -> None:
        Service.n_made += 1
        time.sleep(0.02)
        self.name = "service"


_service: Service | None = None
_service_lock = threading.Lock()


def service() -> Service:
    global _service
    if _service is None:
        with _service_lock:
            if _service is None:
                _service = Service()
    return _service


def use() -> None:
    for _ in range(5):
        assert service().name == "service"


threads = [threading.Thread(target=use) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("made", Service.n_made)
