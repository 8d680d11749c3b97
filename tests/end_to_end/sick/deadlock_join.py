# expects: deadlock
"""Two threads wait for each other's end."""

import threading

threads: list[threading.Thread] = []
both = threading.Barrier(2)


def work(other: int) -> None:
    both.wait()
    threads[other].join()


threads += [threading.Thread(target=work, args=(other,)) for other in (1, 0)]
for thread in threads:
    thread.start()
