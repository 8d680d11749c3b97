"""An event bus: subscribers with a queue and a thread each, a list of them behind an RLock."""

import queue
import threading
from collections.abc import Callable


class Bus:
    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._inboxes: dict[str, list[queue.SimpleQueue]] = {}
        self._threads: list[threading.Thread] = []

    def subscribe(self, topic: str, handle: Callable[[object], None]) -> None:
        inbox: queue.SimpleQueue = queue.SimpleQueue()

        def serve() -> None:
            while (message := inbox.get()) is not None:
                handle(message)

        with self._lock:
            self._inboxes.setdefault(topic, []).append(inbox)
            thread = threading.Thread(target=serve)
            self._threads.append(thread)
            thread.start()

    def publish(self, topic: str, message: object) -> None:
        with self._lock:
            for inbox in self._inboxes.get(topic, ()):
                inbox.put(message)

    def close(self) -> None:
        with self._lock:
            for topic in self._inboxes:
                self.publish(topic, None)
        for thread in self._threads:
            thread.join()


bus = Bus()
seen: dict[str, list[object]] = {"one": [], "two": [], "odd": []}
bus.subscribe("numbers", seen["one"].append)
bus.subscribe("numbers", seen["two"].append)
bus.subscribe("odd", seen["odd"].append)
for n in range(30):
    bus.publish("numbers", n)
    if n % 2:
        bus.publish("odd", n)
bus.close()
print({name: sum(numbers) for name, numbers in seen.items()})
