"""N tiny calls by a pool of four workers; prints ns for each.

python pools.py threads|processes N
"""

import concurrent.futures
import sys
import time


def nothing(i: int) -> int:
    return i


if __name__ == "__main__":
    kinds = {
        "threads": concurrent.futures.ThreadPoolExecutor,
        "processes": concurrent.futures.ProcessPoolExecutor,
    }
    kind, n = kinds[sys.argv[1]], int(sys.argv[2])
    with kind(4) as pool:
        pool.submit(nothing, 0).result()
        start = time.perf_counter_ns()
        futures = [pool.submit(nothing, i) for i in range(n)]
        total = sum(future.result() for future in futures)
        print((time.perf_counter_ns() - start) / n)
    assert total == n * (n - 1) // 2
