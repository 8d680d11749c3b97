"""A post office sends its carriers out, waits until each is back, and only then writes the day's report."""

import argparse
import threading
import time

HOUSES = (6, 2, 5, 3, 8, 4, 7, 1)  # in the street of each carrier


def deliver(houses: int, pace: float, delivered: list[str]) -> None:
    name = threading.current_thread().name
    for house in range(1, houses + 1):
        time.sleep(pace)  # walk to the next house
        delivered.append(f"{name}, house {house}")
    print(f"{name} is done")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carriers", type=int, default=4, help="threads that deliver")
    parser.add_argument("--pace", type=float, default=0.8, help="seconds of a walk from house to house")
    args = parser.parse_args()

    delivered: list[str] = []
    carriers = [
        threading.Thread(target=deliver, args=(houses, args.pace, delivered), name=f"carrier-{n}")
        for n, houses in enumerate(HOUSES[: args.carriers], 1)
    ]
    for carrier in carriers:
        carrier.start()  # only starts it: does not wait
        print(f"{carrier.name} is sent out")
    for carrier in carriers:
        carrier.join()  # waits until this one is done, however long that takes
        print(f"{carrier.name} is crossed off the list")
    print(f"report: {len(delivered)} of {sum(HOUSES[: args.carriers])} letters delivered")
