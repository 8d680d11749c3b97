"""Four processes count primes, each in a range of its own, until every range is done."""

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor


def count_primes(numbers: range) -> tuple[int, int]:
    """How many primes are among the numbers, and which process says so."""
    primes = sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in numbers)
    return primes, os.getpid()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="processes of the pool")
    parser.add_argument("--ranges", type=int, default=12, help="ranges to be counted, each one call")
    parser.add_argument("--numbers", type=int, default=40, help="thousands of numbers in each range")
    args = parser.parse_args()

    size = args.numbers * 1000
    ranges = [range(1_000_000 + n * size, 1_000_000 + (n + 1) * size) for n in range(args.ranges)]
    start, total = time.perf_counter(), 0
    workers: list[int] = []
    with ProcessPoolExecutor(args.workers) as pool:
        for numbers, (primes, pid) in zip(ranges, pool.map(count_primes, ranges), strict=True):
            if pid not in workers:
                workers.append(pid)
            total += primes
            print(
                f"{numbers.start:,} to {numbers.stop:,}: {primes} primes, by worker {workers.index(pid) + 1}"
            )
    print(f"{total} primes in {time.perf_counter() - start:.1f} s")
