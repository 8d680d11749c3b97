"""Why a task stands still, and how it came to go on: causes walked backwards."""

from dataclasses import dataclass

from ..tables import Tables
from .spans import Link, Spans
from .state import Run, State
from .waits import WaitText, describe_wait, wait_chain


@dataclass(frozen=True, slots=True)
class Cause:
    """One task of the chain.  The first is the one that was asked about; the last is the root."""

    task: int
    run: Run
    since_ns: int  # when `run` began
    wait: WaitText | None  # why it stands still; None when it does not
    place: int  # where it is
    closes: bool = False  # it stands further up in the chain already: a cycle


def why(task: int, state: State, tables: Tables, now_ns: int) -> list[Cause]:
    """`task`, who it waits for, who that one waits for, ... to one that runs, or waits for nobody in
    particular, or closes a cycle.  Empty when there is no such task."""
    if task not in state.tasks:
        return []
    chain = wait_chain(task, state, tables)
    found = []
    for i, id_ in enumerate(chain):
        one = state.tasks.get(id_)
        if one is None:
            break
        wait = describe_wait(id_, state, tables, now_ns)
        found.append(Cause(id_, one.run, one.since_ns, wait, one.place, closes=id_ in chain[:i]))
    return found


def who_let_go(spans: Spans, task: int, t_ns: int) -> Link | None:
    """The hand-off that ended the wait that `task` is in at `t_ns`, or else its last wait before.

    None when it still waits, or nobody let it go: its time was up, or the hand-off was not recorded.
    """
    wait = spans.last_wait(task, t_ns + 1)
    if wait is None:
        return None
    links = [link for link in spans.links_between(wait.end_ns, wait.end_ns + 1) if link.target == task]
    return links[-1] if links else None
