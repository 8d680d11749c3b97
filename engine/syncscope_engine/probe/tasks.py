"""asyncio, installed when the program imports it."""

from . import frames
from .importing import when_imported


def install() -> None:
    when_imported("asyncio", _install)


def _install() -> None:
    from . import (
        aio_callbacks,
        aio_calls,
        aio_futures,
        aio_graph,
        aio_locks,
        aio_loops,
        aio_lost,
        aio_queues,
        aio_signals,
        aio_steps,
        aio_tasks,
    )

    aio_tasks.install()
    aio_steps.install(aio_tasks.Task, aio_callbacks.run)
    aio_futures.install()
    aio_calls.install()
    aio_lost.install()
    aio_graph.install()
    aio_loops.install()
    aio_locks.install()
    aio_signals.install()
    aio_queues.install()


frames.step_over(globals(), ours=True)
