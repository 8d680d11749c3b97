"""Two thousand threads that are all alive at once."""

import threading

n = 2000
lock = threading.Lock()
go = threading.Event()
total = 0


def work() -> None:
    global total
    go.wait()
    with lock:
        total += 1


threads = [threading.Thread(target=work) for _ in range(n)]
for thread in threads:
    thread.start()
go.set()
for thread in threads:
    thread.join()
print("total", total)
