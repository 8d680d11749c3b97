"""Guests wait for the doors of a cinema.  One set() wakes them all, and who comes late need not wait."""

import argparse
import threading
import time

doors_open = threading.Event()


class Guest(threading.Thread):
    def __init__(self, number: int, arrives: float) -> None:
        super().__init__(name=f"guest-{number}")
        self.arrives, self.looks, self.entered = arrives, 0, 0.0

    def run(self) -> None:
        time.sleep(self.arrives)  # on the way to the cinema
        doors_open.wait()  # returns at once when the doors are open already
        self.looks += 1
        self.entered = time.perf_counter()
        time.sleep(1)  # find a seat


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guests", type=int, default=6, help="threads that wait for the doors")
    parser.add_argument("--opening", type=float, default=6.0, help="seconds until the doors open")
    args = parser.parse_args()

    step = args.opening / (args.guests - 1)  # the last guest comes half a step after the opening
    guests = [Guest(n + 1, (n + 0.5) * step) for n in range(args.guests)]
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
