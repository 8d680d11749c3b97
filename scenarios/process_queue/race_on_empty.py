"""A picker fills crates, sorters empty them, each in a process of its own.  An empty queue means the end: or does it?"""

import argparse
import time
from multiprocessing import Process, Queue


def pick(crates, n_crates: int, pace: float) -> None:
    for number in range(1, n_crates + 1):
        time.sleep(pace / 3)  # pick a crate of apples
        crates.put(number)
        if number == n_crates // 3:
            time.sleep(5 * pace)  # lunch


def sort(name: str, crates, pace: float) -> None:
    n_sorted, more = 0, True
    while more:
        crates.get()
        time.sleep(pace)  # sort the apples
        n_sorted += 1
        more = not crates.empty()  # true of this moment, and of no other
    print(f"{name} goes home, crates sorted: {n_sorted}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crates", type=int, default=12, help="crates that the picker fills")
    parser.add_argument("--sorters", type=int, default=2, help="processes that sort")
    parser.add_argument(
        "--pace", type=float, default=0.6, help="seconds to sort a crate; one is picked in a third"
    )
    args = parser.parse_args()

    crates = Queue()
    staff = [Process(target=pick, args=(crates, args.crates, args.pace), name="picker")]
    for n in range(1, args.sorters + 1):
        staff.append(Process(target=sort, args=(f"sorter-{n}", crates, args.pace), name=f"sorter-{n}"))
    for process in staff:
        process.start()
    for process in staff:
        process.join()
    left = 0
    while not crates.empty():  # reliable now: nobody else uses the queue any more
        crates.get()
        left += 1
    print(f"crates left over: {left}")
