"""concurrent.futures: callbacks, as_completed, wait, errors that are read, a cancelled call, a chain of calls."""

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait

n_back = 0
n_back_lock = threading.Lock()


def count(future: Future) -> None:
    global n_back
    with n_back_lock:
        n_back += 1


def divide(n: int) -> int:
    return 12 // n


with ThreadPoolExecutor(3) as pool:
    futures = [pool.submit(divide, n) for n in (0, 1, 2, 3, 0, 4)]
    for future in futures:
        future.add_done_callback(count)
    results, errors = [], []
    for future in as_completed(futures):
        try:
            results.append(future.result())
        except ZeroDivisionError as error:
            errors.append(str(error))
    print(sorted(results), len(errors))

    first = {pool.submit(divide, n) for n in (5, 6)}
    while first:
        done, first = wait(first, return_when=FIRST_COMPLETED)
        assert all(future.exception() is None for future in done)
    print(list(pool.map(divide, (1, 2, 3), timeout=20)))

hold = threading.Event()
with ThreadPoolExecutor(1) as pool:
    busy = pool.submit(hold.wait)
    never = pool.submit(divide, 1)
    print(never.cancel(), never.cancelled())
    hold.set()
    busy.result()
with ThreadPoolExecutor(2) as pool:
    outer = pool.submit(lambda: pool.submit(divide, 4))
    print(outer.result().result())
print(n_back)
