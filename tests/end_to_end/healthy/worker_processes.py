"""Queues, a lock and a shared value between processes, by every start method; then a pool."""

import multiprocessing


def work(todo, done, lock, total) -> None:
    while (n := todo.get()) is not None:
        with lock:
            total.value += n
        done.put(n * n)


if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        todo, done = context.Queue(), context.Queue()
        lock, total = context.Lock(), context.Value("i", 0)
        workers = [context.Process(target=work, args=(todo, done, lock, total)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for n in [*range(30), None, None]:
            todo.put(n)
        assert sum(done.get() for _ in range(30)) == 8555
        for worker in workers:
            worker.join()
        assert total.value == 435
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(abs, range(-5, 0)) == [5, 4, 3, 2, 1]
