"""Puts every probe in its place; each stands aside alone when it cannot."""

from collections.abc import Callable

from . import (
    barriers,
    conditions,
    flags,
    frames,
    futures,
    locks,
    main,
    monkeys,
    mp,
    processes,
    queues,
    recorder,
    semaphores,
    sleeping,
    stacks,
    tasks,
    threads,
    tracers,
)


def install() -> None:
    probes: list[Callable[[], None]] = [
        locks.install,
        conditions.install,
        semaphores.install,
        flags.install,
        barriers.install,
        threads.install,
        sleeping.install,
        queues.install,
        processes.install,
        mp.install,
        futures.install,
        tasks.install,
        stacks.install,
        monkeys.install,
        tracers.install,
    ]
    for probe in probes:
        try:
            probe()
        except Exception as error:
            recorder.fault(probe.__module__, error)


frames.step_over(globals(), ours=True)
__all__ = ["install", "main"]
