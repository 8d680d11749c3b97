"""Many small questions to a pool of processes: one in each message, then a thousand in each message."""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor


def is_prime(n: int) -> bool:
    return all(n % d for d in range(2, int(n**0.5) + 1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="processes of the pool")
    parser.add_argument("--questions", type=int, default=8, help="thousands of questions")
    parser.add_argument("--chunk", type=int, default=1000, help="numbers in a message, the second time")
    args = parser.parse_args()

    numbers = range(100_000_000, 100_000_000 + args.questions * 1000)
    start = time.perf_counter()
    alone = sum(map(is_prime, numbers))
    print(f"no pool: {alone} primes in {time.perf_counter() - start:.2f} s")
    with ProcessPoolExecutor(args.workers) as pool:
        pool.submit(is_prime, 2).result()  # so that the start of the processes is not counted
        for chunk in (1, args.chunk):
            start = time.perf_counter()
            primes = sum(pool.map(is_prime, numbers, chunksize=chunk))
            seconds = time.perf_counter() - start
            print(f"{chunk} in a message: {primes} primes in {seconds:.2f} s")
            time.sleep(0.5)  # a gap to tell the two apart on the screen
