"""Timers: one that fires, one that is cancelled, one that starts itself again until it has had enough."""

import threading


class Ticker:
    def __init__(self, times: int) -> None:
        self.left = times
        self.finished = threading.Event()

    def tick(self) -> None:
        self.left -= 1
        if self.left:
            self.start()
        else:
            self.finished.set()

    def start(self) -> None:
        threading.Timer(0.005, self.tick).start()


once = threading.Event()
threading.Timer(0.01, once.set).start()
never = threading.Timer(60, print, args=("never",))
never.start()
never.cancel()
ticker = Ticker(5)
ticker.start()
print(once.wait(20), ticker.finished.wait(20), ticker.left)
never.join()
