"""Every packer locks the stock book, each with a lock of its own.  That keeps nobody out."""

import argparse
import threading
import time

stock = 1000
closed = threading.Event()


def pack(parcels: int, pace: float) -> None:
    global stock
    stock_lock = threading.Lock()  # a new lock in every thread: nobody else can ever hold it
    for _ in range(parcels):
        time.sleep(pace)  # walk to the shelf: takes time, but nothing shared
        with stock_lock:
            left = stock
            time.sleep(pace / 4)  # write the line into the book
            stock = left - 1


def sweep(pace: float) -> None:
    while not closed.is_set():  # never asks for the lock, so nothing ever stops it
        time.sleep(pace / 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packers", type=int, default=3, help="threads that pack")
    parser.add_argument("--parcels", type=int, default=8, help="parcels that each of them packs")
    parser.add_argument(
        "--pace", type=float, default=0.4, help="seconds of a walk; a line in the book takes a quarter"
    )
    args = parser.parse_args()

    packers = [
        threading.Thread(target=pack, args=(args.parcels, args.pace), name=f"packer-{n + 1}")
        for n in range(args.packers)
    ]
    sweeper = threading.Thread(target=sweep, args=(args.pace,), name="sweeper")
    start = time.perf_counter()
    for thread in [*packers, sweeper]:
        thread.start()
    for packer in packers:
        packer.join()
    seconds = time.perf_counter() - start
    closed.set()
    sweeper.join()

    packed = args.packers * args.parcels
    print(f"{packed} parcels in {seconds:.1f} s: {packed / seconds:.1f} a second")
    print(f"stock by count: {1000 - packed}, by the book: {stock}")


if __name__ == "__main__":
    main()
