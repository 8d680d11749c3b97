# expects: lost_wakeup
"""The notification comes before the wait, and the wait does not look."""

import threading

ready = threading.Condition()


def announce() -> None:
    with ready:
        ready.notify()


early = threading.Thread(target=announce)
early.start()
early.join()
with ready:
    ready.wait()
