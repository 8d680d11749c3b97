"""A pool of processes develops photographs.  One of them brings its process down, as a bug in C code would."""

import argparse
import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def hum(pace: float) -> None:
    while True:  # a second thread in every worker process: what becomes of it?
        time.sleep(pace)


def set_up(pace: float) -> None:
    threading.Thread(target=hum, args=(pace,), name="dryer", daemon=True).start()


def develop(photo: int, damaged: int, pace: float) -> str:
    time.sleep(pace / 2)
    if photo == damaged:
        os.kill(os.getpid(), signal.SIGSEGV)  # stands for a bad pointer: the system ends the whole process
    time.sleep(pace / 2)
    return "developed"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=3, help="processes of the pool")
    parser.add_argument("--photos", type=int, default=12, help="photographs to be developed")
    parser.add_argument("--damaged", type=int, default=8, help="number of the damaged photograph")
    parser.add_argument("--pace", type=float, default=1.2, help="seconds for a photograph")
    args = parser.parse_args()

    kept = 0
    with ProcessPoolExecutor(args.workers, initializer=set_up, initargs=(args.pace / 4,)) as pool:
        futures = [pool.submit(develop, n + 1, args.damaged, args.pace) for n in range(args.photos)]
        for number, future in enumerate(futures, 1):
            try:
                print(f"photo {number}: {future.result()}")
                kept += 1
            except BrokenProcessPool:
                print(f"photo {number}: BrokenProcessPool")
    time.sleep(args.pace)  # the main process goes on: it has lost a pool, not itself
    print(f"{kept} of {args.photos} photographs developed")
