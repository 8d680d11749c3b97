"""A baker fills a small shelf, sellers empty it.  A seller who is woken does not look at the shelf again."""

import argparse
import time
from collections import deque
from threading import Condition, Lock, Thread


class Shelf:
    def __init__(self, size: int) -> None:
        self.size, self.loaves = size, deque()
        lock = Lock()  # one lock, two reasons to wait
        self.not_empty = Condition(lock)
        self.not_full = Condition(lock)

    def put(self, loaf: int | None) -> None:
        with self.not_full:
            while len(self.loaves) == self.size:
                self.not_full.wait()
            self.loaves.append(loaf)
            print(f"put {loaf or 'the closing sign'}, on the shelf: {len(self.loaves)}")
            self.not_empty.notify_all()

    def get(self) -> int | None:
        with self.not_empty:
            if not self.loaves:  # looks once; awake again, it takes what may be gone
                self.not_empty.wait()
            loaf = self.loaves.popleft()
            self.not_full.notify()
            return loaf


def bake(shelf: Shelf, loaves: int, sellers: int, pace: float) -> None:
    time.sleep(2 * pace)  # heat the oven
    for loaf in [*range(1, loaves + 1), *[None] * sellers]:  # None: we are closing
        time.sleep(pace / 3)
        shelf.put(loaf)


def sell(shelf: Shelf, pace: float) -> None:
    while shelf.get():
        time.sleep(pace * 1.3)  # wrap it, take the money


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loaves", type=int, default=12, help="loaves that the baker bakes")
    parser.add_argument("--shelf", type=int, default=4, help="loaves that fit on the shelf")
    parser.add_argument("--sellers", type=int, default=2, help="threads that sell")
    parser.add_argument("--pace", type=float, default=0.6, help="seconds; a loaf takes a third, a sale 1.3")
    args = parser.parse_args()

    shelf = Shelf(args.shelf)
    staff = [Thread(target=bake, args=(shelf, args.loaves, args.sellers, args.pace), name="baker")]
    for n in range(args.sellers):
        staff.append(Thread(target=sell, args=(shelf, args.pace), name=f"seller-{n + 1}"))
    for thread in staff:
        thread.start()
    for thread in staff:
        thread.join()
