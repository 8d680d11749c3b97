"""A value, an array and a block of shared memory between processes, each change under a lock."""

import multiprocessing
from multiprocessing.shared_memory import SharedMemory


def work(total, cells, name: str, me: int) -> None:
    block = SharedMemory(name)
    for n in range(20):
        with total.get_lock():
            total.value += n
        with cells.get_lock():
            cells[me] = cells[me] + 1
            cells[-1] += 1
    block.buf[me] = 10 + me  # a cell of its own
    block.close()


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        total, cells = context.Value("i", 0), context.Array("i", 4)
        block = SharedMemory(create=True, size=8)
        workers = [context.Process(target=work, args=(total, cells, block.name, me)) for me in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(method, total.value, list(cells), list(block.buf[:3]))
        block.close()
        block.unlink()
