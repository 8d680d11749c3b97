# expects: unbounded_release
"""A permit is given back twice."""

import threading

slots = threading.Semaphore(2)


def work() -> None:
    with slots:
        pass
    slots.release()


thread = threading.Thread(target=work)
thread.start()
thread.join()
