"""multiprocessing pools: map, imap, starmap, apply_async with callbacks and an error that is read; a manager."""

import multiprocessing


def prepare(offset: int) -> None:
    global base
    base = offset


def shifted(n: int) -> int:
    return base + n


def power(n: int, m: int) -> int:
    return n**m


def fail(n: int) -> None:
    raise ValueError(n)


def note(shared, lock, n: int) -> None:
    with lock:
        shared["sum"] = shared.get("sum", 0) + n


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    back: list[int] = []
    with context.Pool(2, prepare, (100,)) as pool:
        print(pool.map(shifted, range(5)), list(pool.imap(shifted, range(3), chunksize=2)))
        print(sorted(pool.imap_unordered(shifted, range(3))), pool.starmap(power, [(2, 3), (3, 2)]))
        pool.apply_async(shifted, (7,), callback=back.append).wait()
        try:
            pool.apply_async(fail, (3,)).get()
        except ValueError as error:
            print("failed with", error)
        pool.close()
        pool.join()
    print(back)
    with context.Manager() as manager:
        shared, lock = manager.dict(), manager.Lock()
        workers = [context.Process(target=note, args=(shared, lock, n)) for n in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(dict(shared))
