# expects: lost_update
"""Two processes read a shared number, and both write back one more."""

import multiprocessing


def work(number, both) -> None:
    old = number.value
    both.wait()
    number.value = old + 1


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    number, both = context.Value("i", 0), context.Barrier(2)
    workers = [context.Process(target=work, args=(number, both)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(number.value)
