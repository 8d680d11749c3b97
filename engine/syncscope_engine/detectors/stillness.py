"""Which tasks cannot go on, whatever happens, unless somebody outside the program helps.

What a wait without an owner needs (an item, a permit, a notification) any task could give.  So the answer
is the largest set of tasks of which each one waits, without a time limit, for something that only the set's
own members could give: first everybody who stands still is in it, then everybody is taken out who may be
helped by somebody outside, until nothing changes.

"Running" is no proof of life, but it is a proof that we do not know: a thread that is blocked in C code
(reading a socket, waiting for a child) looks as if it ran.  It is outside the set, and keeps silent whatever
it could help.
"""

from pathlib import Path

from ..events import Awaited, Kind
from ..model.state import Run, State, TaskState
from ..model.waits import left_of, waits_for
from ..tables import Tables, TaskInfo

_AWAITS_ITS_OWN = frozenset({Awaited.RESOURCE, Awaited.TASK, Awaited.TASKS})
_ABOUT_TO_RUN = frozenset("RD")
_SIGNALS_OF_PYTHON = frozenset({2, 4, 6, 7, 8, 11})  # SIGINT, and what faulthandler catches


def stuck_tasks(state: State, tables: Tables) -> set[int]:
    """See above."""
    live = {
        id_: task for id_, task in state.tasks.items() if not task.run.ended and not _is_internal(id_, tables)
    }
    stuck = {id_ for id_, task in live.items() if _stands_still(task, state, tables)}
    while True:
        free = live.keys() - stuck
        helper = any(not _is_process(id_, tables) for id_ in free)
        out = {id_ for id_ in stuck if _may_go_on(live[id_], stuck, helper, state, tables)}
        if not out:
            return stuck
        stuck -= out


def everyone_is_stuck(state: State, tables: Tables) -> set[int]:
    """The stuck tasks when they are all that live; else the empty set."""
    live = {id_ for id_, task in state.tasks.items() if not task.run.ended and not _is_internal(id_, tables)}
    if not live or not all(_stands_still(state.tasks[id_], state, tables) for id_ in live):
        return set()
    stuck = stuck_tasks(state, tables)
    return stuck if stuck == live else set()


def _info(id_: int, tables: Tables) -> TaskInfo | None:
    return tables.tasks.get(id_)


def _is_process(id_: int, tables: Tables) -> bool:
    info = _info(id_, tables)
    return info is not None and info.kind == "process"


def _is_internal(id_: int, tables: Tables) -> bool:
    """Processes that the standard library keeps for itself: the fork server."""
    info = _info(id_, tables)
    process = tables.tasks.get(info.process) if info is not None else None
    return process is not None and process.internal


def _stands_still(task: TaskState, state: State, tables: Tables) -> bool:
    info = _info(task.id, tables)
    if info is None:
        return False
    if info.kind == "process":
        return task.run is Run.RUNNING  # as long as its threads stand still
    wait = task.wait
    if info.kind == "asyncio":
        loop = state.tasks.get(info.parent)
        if loop is None:
            return False
        if _is_frozen(loop):
            return True
        if task.run is not Run.BLOCKED or wait is None or wait.event <= state.gaps.get(info.process, 0):
            return False
        idle = loop.run is Run.SLEEPING and loop.wait is not None and not loop.wait.timed
        own = wait.kind != Kind.SUSPEND or wait.detail in _AWAITS_ITS_OWN
        return not wait.timed and (idle or own)
    if wait is None or wait.timed or wait.event <= state.gaps.get(info.process, 0):
        return False
    return task.run in (Run.BLOCKED, Run.SLEEPING)


def _is_frozen(loop: TaskState) -> bool:
    """Is a loop's thread blocked for good?  Then no task of it runs, and no timer either."""
    return loop.run is Run.BLOCKED and loop.wait is not None and not loop.wait.timed


def _loop_is_frozen(id_: int, state: State, tables: Tables) -> bool:
    info = _info(id_, tables)
    loop = state.tasks.get(info.parent) if info is not None else None
    return loop is not None and _is_frozen(loop)


def _may_go_on(task: TaskState, stuck: set[int], helper: bool, state: State, tables: Tables) -> bool:
    """Could a task outside `stuck` let it go on?  `helper`: there is one."""
    several = left_of(task, state) if task.wait is not None else None
    if several and not _loop_is_frozen(task.id, state, tables):
        return not all(id_ in stuck for id_ in several)
    needs = waits_for(task, state, tables)
    if needs:
        if any(id_ in stuck for id_ in needs):
            return False
        ended = all(state.tasks[id_].run.ended for id_ in needs if id_ in state.tasks)
        wait = task.wait
        for_end = _is_process(task.id, tables) or (wait is not None and wait.obj not in state.resources)
        return helper if ended and not for_end else True
    if _is_process(task.id, tables):
        return True
    if task.wait is not None and task.wait.kind == Kind.PROGRAM_END:
        return True
    if helper:
        return True
    return task.run is Run.SLEEPING and _has_free_task(task.id, stuck, state, tables)


def _has_free_task(loop: int, stuck: set[int], state: State, tables: Tables) -> bool:
    return any(
        not task.run.ended and id_ not in stuck
        for id_, task in state.tasks.items()
        if (info := tables.tasks.get(id_)) is not None and info.parent == loop and info.kind == "asyncio"
    )


def may_be_signalled(state: State, tables: Tables) -> bool:
    """Does a living process of the program handle signals of its own (stop on SIGTERM, an alarm)?

    Then somebody from outside may wake it.  Asked of the system, so it means something only while the
    program lives.
    """
    for id_, task in state.tasks.items():
        info = tables.tasks.get(id_)
        if info is None or info.kind != "process" or task.run.ended or not info.pid or info.internal:
            continue
        for number in _caught(info.pid):
            if number not in _SIGNALS_OF_PYTHON:
                return True
    return False


def may_be_running(state: State, tables: Tables) -> bool:
    """Does the system see a thread of the program that could run?  Who was woken and has no processor yet, on a
    busy machine, has not written a record of it."""
    for id_, task in state.tasks.items():
        info = tables.tasks.get(id_)
        if info is None or info.kind != "process" or task.run.ended or not info.pid:
            continue
        for stat in Path(f"/proc/{info.pid}/task").glob("*/stat"):
            try:
                how = stat.read_text(errors="replace").rpartition(")")[2].split()[0]
            except (OSError, IndexError):
                continue  # it has just ended
            if how in _ABOUT_TO_RUN:
                return True
    return False


def _caught(pid: int) -> list[int]:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return []
    for line in status.splitlines():
        if line.startswith("SigCgt:"):
            mask = int(line.split()[1], 16)
            return [bit + 1 for bit in range(64) if mask >> bit & 1 and bit + 1 < 32]
    return []
