# expects: data_race
"""Three threads, in turns by the clock alone, count what they have done in one number, without a lock."""

import threading
import time

n_done = 0
start = time.monotonic()


def work(me: int) -> None:
    global n_done
    for turn in range(4):
        time.sleep(max(0, start + 0.06 * turn + 0.02 * me - time.monotonic()))
        n_done += 1


threads = [threading.Thread(target=work, args=(me,)) for me in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
