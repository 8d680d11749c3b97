"""Event, condition, barrier, semaphore and joinable queue between processes; a daemon that is terminated."""

import multiprocessing
import time


def wait(go, gate, slots, jobs, results) -> None:
    go.wait()
    gate.wait()
    while (job := jobs.get()) is not None:
        with slots:
            results.put(job * job)
        jobs.task_done()
    jobs.task_done()


def answer(changed, asked, answered) -> None:
    with changed:
        changed.wait_for(asked.is_set)
        answered.set()
        changed.notify()


def idle() -> None:
    time.sleep(60)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    go, gate, slots = context.Event(), context.Barrier(2), context.BoundedSemaphore(1)
    jobs, results = context.JoinableQueue(), context.SimpleQueue()
    workers = [context.Process(target=wait, args=(go, gate, slots, jobs, results)) for _ in range(2)]
    changed, asked, answered = context.Condition(), context.Event(), context.Event()
    clerk = context.Process(target=answer, args=(changed, asked, answered))
    lazy = context.Process(target=idle, daemon=True)
    for process in (*workers, clerk, lazy):
        process.start()
    go.set()
    for job in [*range(6), None, None]:
        jobs.put(job)
    jobs.join()
    print(sorted(results.get() for _ in range(6)))
    with changed:
        asked.set()
        changed.notify()
        changed.wait_for(answered.is_set)
    lazy.terminate()
    for process in (*workers, clerk, lazy):
        process.join()
    print([process.exitcode for process in (*workers, clerk, lazy)])
