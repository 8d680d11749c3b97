"""What `multiprocessing` offers: processes, queues, locks, shared values, events, barriers, pools, a manager."""

import multiprocessing as mp
import os


def add(total, lock, times):
    for _ in range(times):
        with lock:
            total.value += 1


def square(tasks, results):
    for n in iter(tasks.get, None):
        results.put((n, n * n))
        tasks.task_done()
    tasks.task_done()


def meet(barrier, event, notes):
    event.wait()
    barrier.wait()
    notes.append("met")


def reply(pipe):
    while (message := pipe.recv()) is not None:
        pipe.send(message[::-1])


def cube(n):
    return n**3


if __name__ == "__main__":
    total, lock = mp.Value("i", 0, lock=False), mp.Lock()
    workers = [mp.Process(target=add, args=(total, lock, 100)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("total", total.value)

    tasks, results = mp.JoinableQueue(), mp.Queue()
    workers = [mp.Process(target=square, args=(tasks, results), daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    for n in [*range(8), None, None]:
        tasks.put(n)
    tasks.join()
    print(sorted(results.get() for _ in range(8)))

    with mp.Manager() as manager:
        notes, barrier, event = manager.list(), mp.Barrier(3), mp.Event()
        workers = [mp.Process(target=meet, args=(barrier, event, notes)) for _ in range(3)]
        for worker in workers:
            worker.start()
        event.set()
        for worker in workers:
            worker.join()
        print(list(notes), [worker.exitcode for worker in workers])

    ours, theirs = mp.Pipe()
    other = mp.Process(target=reply, args=(theirs,))
    other.start()
    for word in "abc", "level", None:
        ours.send(word)
        print(word and ours.recv())
    other.join()

    with mp.Pool(2) as pool:
        print(pool.map(cube, range(6)), pool.apply_async(cube, (7,)).get(), list(pool.imap(cube, range(3))))
        print(sorted(pool.imap_unordered(cube, range(4), chunksize=2)), pool.starmap(max, [(1, 2), (4, 3)]))

    from multiprocessing import shared_memory

    memory = shared_memory.SharedMemory(create=True, size=16)
    child = mp.Process(target=memory.buf.__setitem__, args=(0, 7)) if os.name == "nt" else None
    memory.buf[:3] = b"abc"
    print(bytes(memory.buf[:3]), child)
    memory.close()
    memory.unlink()
