"""Four processes square the numbers of one shared array.  They count what they have done, without a lock."""

import argparse
import time
from multiprocessing import Array, Process, Value


def square(numbers, share: range, done, pace: float) -> None:
    for i in share:  # nobody else touches these places of the array
        time.sleep(pace)  # multiply
        numbers[i] *= numbers[i]
        before = done.value
        time.sleep(pace / 2)  # turn the wheel of the counter
        done.value = before + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="processes that square")
    parser.add_argument("--numbers", type=int, default=8, help="numbers that each of them squares")
    parser.add_argument(
        "--pace", type=float, default=0.4, help="seconds to square one; to count it takes half"
    )
    args = parser.parse_args()

    total = args.workers * args.numbers
    numbers = Array("q", range(1, total + 1))
    done = Value("i", 0)
    workers = []
    for n in range(args.workers):
        share = range(n * args.numbers, (n + 1) * args.numbers)
        workers.append(Process(target=square, args=(numbers, share, done, args.pace), name=f"worker-{n + 1}"))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    right = sum(numbers[i] == (i + 1) ** 2 for i in range(total))
    print(f"{right} of {total} numbers are squared, the counter says {done.value}")
