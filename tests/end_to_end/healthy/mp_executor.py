"""ProcessPoolExecutor by spawn with an initializer, errors that come back and are read; os.fork by hand."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed


def halve(n: int) -> int:
    if n % 2:
        raise ValueError(f"{n} is odd")
    return n // 2


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        futures = {pool.submit(halve, n): n for n in range(6)}
        halves, odd = [], []
        for future in as_completed(futures):
            if future.exception() is None:
                halves.append(future.result())
            else:
                odd.append(str(future.exception()))
    print(sorted(halves), sorted(odd))

    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, b"from the child")
        os._exit(0)
    os.close(writer)
    print(os.read(reader, 100), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os.close(reader)
