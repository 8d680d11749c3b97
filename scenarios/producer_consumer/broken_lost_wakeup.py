"""A baker rings a bell for every loaf.  The sellers wait for the bell, and never look at the shelf."""

import argparse
import time
from collections import deque
from threading import Condition, Thread


class Shelf:
    def __init__(self) -> None:
        self.loaves = deque()  # without a limit: nothing but a missed bell can stop anyone here
        self.bell = Condition()

    def put(self, loaf: int | None) -> None:
        with self.bell:
            self.loaves.append(loaf)
            print(f"put {loaf or 'the closing sign'}, on the shelf: {len(self.loaves)}")
            self.bell.notify()  # heard by a seller who waits now; nobody keeps it for later

    def get(self) -> int | None:
        with self.bell:
            self.bell.wait()  # does not ask whether there is a loaf already
            return self.loaves.popleft()


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
    parser.add_argument("--sellers", type=int, default=2, help="threads that sell")
    parser.add_argument("--pace", type=float, default=0.6, help="seconds; a loaf takes a third, a sale 1.3")
    args = parser.parse_args()

    shelf = Shelf()
    staff = [Thread(target=bake, args=(shelf, args.loaves, args.sellers, args.pace), name="baker")]
    for n in range(args.sellers):
        staff.append(Thread(target=sell, args=(shelf, args.pace), name=f"seller-{n + 1}"))
    for thread in staff:
        thread.start()
    for thread in staff:
        thread.join()
