"""Permits given back that were never taken: a semaphore that ends up with more of them than it began with.

A semaphore may be there to signal, and is then released by those that never acquire it.  Where everybody that
releases it acquires it too, each release gives back a permit, and one too many raises the limit.
"""

from .execution import Result

_TAKES, _GIVES = frozenset({"acquire", "try", "wake"}), frozenset({"release", "wait"})


def one_too_many(result: Result) -> Result:
    """Only of executions that went well: a task that fails may well leave something undone."""
    if result.outcome != "finished":
        return result
    balance: dict[int, int] = {}
    takers: set[tuple[int, int]] = set()
    givers: set[tuple[int, int]] = set()
    for task, operation, _ in result.steps:
        key = operation.key
        if operation.kind in _TAKES:
            balance[key] = balance.get(key, 0) - 1
            takers.add((key, task))
        elif operation.kind in _GIVES:
            balance[key] = balance.get(key, 0) + 1
            givers.add((key, task))
    signals = {key for key, task in givers if (key, task) not in takers}
    for _, operation, _ in result.steps:
        if operation.kind == "release" and operation.key not in signals and balance[operation.key] > 0:
            result.outcome = "unbounded_release"
            result.error = operation.what
            result.where = (operation.file, operation.line)
            return result
    return result
