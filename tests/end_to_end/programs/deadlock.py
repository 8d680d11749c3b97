"""Two locks taken in two orders; each thread waits until the other holds its first one."""

import threading

left, right = threading.Lock(), threading.Lock()
both_hold_one = threading.Barrier(2)


def take(first: threading.Lock, second: threading.Lock) -> None:
    with first:
        both_hold_one.wait()
        with second:
            print("never")


a = threading.Thread(target=take, args=(left, right), name="A")
b = threading.Thread(target=take, args=(right, left), name="B")
a.start()
b.start()
a.join()
b.join()
