"""Guests look at the doors of a cinema, go for a short walk, and look again.  Most of the looks are for nothing."""

import argparse
import threading
import time

doors_open = threading.Event()


class Guest(threading.Thread):
    def __init__(self, number: int, arrives: float, walk: float) -> None:
        super().__init__(name=f"guest-{number}")
        self.arrives, self.walk, self.looks, self.entered = arrives, walk, 0, 0.0

    def run(self) -> None:
        time.sleep(self.arrives)  # on the way to the cinema
        self.looks += 1
        while not doors_open.is_set():
            time.sleep(self.walk)  # nobody can call a guest who is out for a walk
            self.looks += 1
        self.entered = time.perf_counter()
        time.sleep(1)  # find a seat


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guests", type=int, default=6, help="threads that wait for the doors")
    parser.add_argument("--opening", type=float, default=6.0, help="seconds until the doors open")
    parser.add_argument("--walk", type=float, default=0.4, help="seconds between two looks at the doors")
    args = parser.parse_args()

    step = args.opening / (args.guests - 1)  # the last guest comes half a step after the opening
    guests = [Guest(n + 1, (n + 0.5) * step, args.walk) for n in range(args.guests)]
    start = time.perf_counter()
    for guest in guests:
        guest.start()
    time.sleep(args.opening)
    opened = time.perf_counter()
    doors_open.set()
    for guest in guests:
        guest.join()

    late = [guest.entered - max(opened, start + guest.arrives) for guest in guests]
    looks = sum(guest.looks for guest in guests)
    print(f"{looks} looks at the doors, {looks - len(guests)} for nothing")
    print(f"between able to enter and in: {1000 * sum(late) / len(late):.1f} ms on average")


if __name__ == "__main__":
    main()
