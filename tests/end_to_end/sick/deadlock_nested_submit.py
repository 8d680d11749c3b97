# expects: deadlock
"""A call in a pool of one worker waits for another call in the same pool."""

from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(1) as pool:

    def outer() -> int:
        return pool.submit(abs, -1).result()

    print(pool.submit(outer).result())
