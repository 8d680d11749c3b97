"""multiprocessing, piece by piece: each probe is loaded when the program imports what it watches."""

from . import frames
from .importing import when_imported


def _context() -> None:
    from multiprocessing import context

    frames.step_over(vars(context))


def _synchronize() -> None:
    from . import mp_locks

    mp_locks.install()


def _connection() -> None:
    from . import mp_pipes

    mp_pipes.install()


def _queues() -> None:
    from . import mp_queues

    mp_queues.install()


def _sharedctypes() -> None:
    from . import mp_values

    mp_values.install()


def _shared_memory() -> None:
    from . import mp_raw_memory

    mp_raw_memory.install_shared_memory()


def _managers() -> None:
    from . import mp_managers

    mp_managers.install()


def install() -> None:
    when_imported("multiprocessing.context", _context)
    when_imported("multiprocessing.synchronize", _synchronize)
    when_imported("multiprocessing.connection", _connection)
    when_imported("multiprocessing.queues", _queues)
    when_imported("multiprocessing.sharedctypes", _sharedctypes)
    when_imported("multiprocessing.shared_memory", _shared_memory)
    when_imported("multiprocessing.managers", _managers)


frames.step_over(globals(), ours=True)
