"""A pool of processes tests numbers; one call fails there, and its traceback is shown here."""

import concurrent.futures
import math
import traceback

NUMBERS = [112272535095293, 112582705942171, 115280095190773, 1099726899285419, 8, 9]


def is_prime(n: int) -> bool:
    if n < 2 or n % 2 == 0:
        return n == 2
    return all(n % i for i in range(3, min(math.isqrt(n), 20_000) + 1, 2))


def fails(n: int) -> None:
    raise ValueError(f"not {n}")


if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        for number, prime in zip(NUMBERS, pool.map(is_prime, NUMBERS, chunksize=2), strict=True):
            print(number, prime)
        future = pool.submit(fails, 7)
        done, waiting = concurrent.futures.wait([future, pool.submit(abs, -3)])
        print(len(done), len(waiting), repr(future.exception()))
        try:
            future.result()
        except ValueError as error:
            traceback.print_exception(error)
