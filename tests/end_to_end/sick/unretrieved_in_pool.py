# expects: unretrieved_exception
"""Calls in a pool fail, and nobody asks what became of them."""

from concurrent.futures import ThreadPoolExecutor


def work(n: int) -> int:
    return 1 // (n % 2)


with ThreadPoolExecutor(2) as pool:
    for n in range(4):
        pool.submit(work, n)
print("done")
