"""Two processes talk over a pipe; the parent also reads from several at once."""

import multiprocessing
from multiprocessing.connection import Connection, wait


def double(connection: Connection) -> None:
    while (n := connection.recv()) is not None:
        connection.send(n * 2)
    connection.close()


def count(connection: Connection, first: int) -> None:
    for n in range(first, first + 5):
        connection.send(n)
    connection.close()


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=double, args=(theirs,))
    process.start()
    theirs.close()
    for n in range(10):
        ours.send(n)
        assert ours.recv() == n * 2
    ours.send(None)
    process.join()

    readers, processes = [], []
    for first in (0, 100):
        reader, writer = context.Pipe(duplex=False)
        processes.append(context.Process(target=count, args=(writer, first)))
        processes[-1].start()
        writer.close()
        readers.append(reader)
    numbers = []
    while readers:
        for reader in wait(readers):
            try:
                numbers.append(reader.recv())
            except EOFError:
                readers.remove(reader)
    for process in processes:
        process.join()
    print(sorted(numbers))
