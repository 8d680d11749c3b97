# expects: uncaught_exception
"""A child process ends with an exception, and its parent does not look at its exit status."""

import multiprocessing


def work(n: int) -> None:
    print(1 // n)


if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=work, args=(0,))
    process.start()
    process.join()
