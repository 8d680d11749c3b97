"""Processes that take two locks in both orders, the second one only with a time limit or without waiting."""

import multiprocessing
import time


def patient(first, second, turns: int) -> None:
    while turns:
        with first:
            if second.acquire(timeout=0.01):
                second.release()
                turns -= 1
        time.sleep(0.004)


def hasty(first, second, turns: int) -> None:
    while turns:
        with first:
            if second.acquire(False):
                second.release()
                turns -= 1
        time.sleep(0.003)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    left, right = context.Lock(), context.Lock()
    processes = [
        context.Process(target=patient, args=(left, right, 3)),
        context.Process(target=patient, args=(right, left, 3)),
        context.Process(target=hasty, args=(right, left, 3)),
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print([process.exitcode for process in processes])
