"""Takes our own frames out of the program's tracebacks, where they reach a hook that prints them."""

from types import TracebackType

from . import frames


def clean(error: BaseException) -> None:
    """In place, with all that `error` was caused by."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        todo += [one.__cause__, one.__context__]
        one.__traceback__ = without_probe(one.__traceback__)


def without_probe(trace: "TracebackType | None") -> "TracebackType | None":
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    entry = trace
    while entry is not None:
        following = entry.tb_next
        while following is not None and _is_ours(following):
            following = following.tb_next
        entry.tb_next = following
        entry = following
    return trace


def n_outer_std(error: BaseException) -> int:
    """How many of the outermost entries are not the program's: what calls a thread's function."""
    n = 0
    trace = error.__traceback__
    while trace is not None and id(trace.tb_frame.f_globals) in frames.transparent:
        n += 1
        trace = trace.tb_next
    return n if trace is not None else 0


def _is_ours(trace: TracebackType) -> bool:
    return id(trace.tb_frame.f_globals) in frames.probe_globals


frames.step_over(globals(), ours=True)
