"""Threads: each worker first computes (it counts primes), then waits (it asks a slow server)."""

import argparse
import queue
import select
import socket
import threading
import time
from collections import deque


def serve(listener: socket.socket, delay: float) -> None:
    """The slow server: it answers every caller, `delay` seconds after the call."""
    callers = deque()
    while True:
        patience = max(0, callers[0][0] - time.monotonic()) if callers else None
        if select.select([listener], [], [], patience)[0]:
            callers.append((time.monotonic() + delay, listener.accept()[0]))
        else:
            with callers.popleft()[1] as caller:
                caller.sendall(b"here you are")


def work(
    numbers: range, pages: int, address: tuple[str, int], start: float, results: queue.SimpleQueue
) -> None:
    primes = sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in numbers)
    computed = time.time() - start
    for _ in range(pages):
        with socket.create_connection(address) as server:
            server.recv(100)
    name = threading.current_thread().name
    print(f"{name}: computed until {computed:.2f} s, waited until {time.time() - start:.2f} s")
    results.put(primes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="threads")
    parser.add_argument("--numbers", type=int, default=100, help="thousands of numbers that each one tests")
    parser.add_argument("--pages", type=int, default=12, help="pages that each one asks for")
    parser.add_argument("--delay", type=float, default=0.4, help="seconds until the server answers")
    args = parser.parse_args()

    listener = socket.create_server(("127.0.0.1", 0), backlog=args.workers)
    threading.Thread(target=serve, args=(listener, args.delay), name="server", daemon=True).start()
    results = queue.SimpleQueue()
    start, workers = time.time(), []
    for n in range(args.workers):
        numbers = range(1_000_000 + n * args.numbers * 1000, 1_000_000 + (n + 1) * args.numbers * 1000)
        job = (numbers, args.pages, listener.getsockname(), start, results)
        workers.append(threading.Thread(target=work, args=job, name=f"worker-{n + 1}"))
        workers[-1].start()
    primes = sum(results.get() for _ in workers)
    for worker in workers:
        worker.join()
    print(f"{primes} primes, {args.workers * args.pages} pages: {time.time() - start:.2f} s")
