# expects: crashed_process
"""A child process leaves by os._exit."""

import multiprocessing
import os


def work() -> None:
    os._exit(7)


if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    print("the child has gone")
