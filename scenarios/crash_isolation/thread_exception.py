"""Threads develop photographs.  An exception ends one of them, and the others do not even notice."""

import argparse
import queue
import threading
import time


def develop(photos: queue.SimpleQueue, damaged: int, pace: float, developed: list[int]) -> None:
    while (photo := photos.get()) is not None:
        time.sleep(pace / 2)
        if photo == damaged:
            raise ValueError(f"photo {photo} is damaged")
        time.sleep(pace / 2)
        developed.append(photo)
        print(f"photo {photo}: developed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=3, help="threads that develop")
    parser.add_argument("--photos", type=int, default=12, help="photographs to be developed")
    parser.add_argument("--damaged", type=int, default=8, help="number of the damaged photograph")
    parser.add_argument("--pace", type=float, default=1.2, help="seconds for a photograph")
    args = parser.parse_args()

    photos: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    developed: list[int] = []
    for photo in [*range(1, args.photos + 1), *[None] * args.workers]:  # None: no more photographs
        photos.put(photo)
    workers = [
        threading.Thread(
            target=develop, args=(photos, args.damaged, args.pace, developed), name=f"worker-{n + 1}"
        )
        for n in range(args.workers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()  # does not tell how it ended
    print(f"{len(developed)} of {args.photos} photographs developed")
