"""Thread and process pools of concurrent.futures."""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed


def square(n: int) -> int:
    time.sleep(0.005)
    return n * n


if __name__ == "__main__":
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(square, range(50))) == 40425
    with ProcessPoolExecutor(2) as processes:
        futures = [processes.submit(square, n) for n in range(20)]
        assert sum(future.result() for future in as_completed(futures)) == 2470
