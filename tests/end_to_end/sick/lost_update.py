# expects: lost_update
"""Two threads read the same old number and write it back, each with one more."""

import threading

number = 0
both_have_read = threading.Barrier(2)


def work() -> None:
    global number
    old = number
    both_have_read.wait()
    number = old + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(number)
