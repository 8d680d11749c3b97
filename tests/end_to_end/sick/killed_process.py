# expects: crashed_process
"""A child process is killed in the middle of its work."""

import multiprocessing
import os
import signal


def work() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    print("the child has gone")
