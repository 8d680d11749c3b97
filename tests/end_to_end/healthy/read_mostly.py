"""Settings that are replaced as a whole by one writer and read without a lock; counters in slots of their own."""

import threading
import time


class Settings:
    def __init__(self, version: int) -> None:
        self.version = version
        self.text = f"v{version}"


current = Settings(0)
stop = False
n_reads = [0] * 3


def read(me: int) -> None:
    while not stop:
        settings = current  # one load: old or new, never half of each
        assert settings.text == f"v{settings.version}"
        n_reads[me] += 1
        time.sleep(0.001)


def write() -> None:
    global current
    for version in range(1, 11):
        current = Settings(version)
        time.sleep(0.002)


readers = [threading.Thread(target=read, args=(me,)) for me in range(3)]
writer = threading.Thread(target=write)
for thread in (*readers, writer):
    thread.start()
writer.join()
while not all(n_reads):
    time.sleep(0.001)
stop = True
for thread in readers:
    thread.join()
print(current.text, all(n_reads))
