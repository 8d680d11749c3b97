"""Small abstract programs, executed like real ones, and searched through their states by brute force.

A program is a list of tasks, a task a list of operations: tuples of a name and what it acts on.  Task 1 is the main
one; it starts the others, numbered from 2, and joins them.  The state is explicit and hashable, so that the oracle
(`all_outcomes`) needs no reduction to be quick, and shares nothing with the search that it judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from syncscope_engine.control.execution import Chooser, Cut, Point, Result, Step
from syncscope_engine.control.operation import Operation

Op = tuple[object, ...]
READS = {"read", "load", "until", "is_set", "join"}
LOCAL = {"nothing_if_full", "back"}
DEADLOCK = "deadlock"


@dataclass
class State:
    pc: list[int]
    values: dict[str, object]
    seen: list[tuple[object, ...]]
    error: str = ""
    dead: set[int] = field(default_factory=set)
    started: set[int] = field(default_factory=lambda: {1})

    def copy(self) -> "State":
        return State(
            list(self.pc), dict(self.values), list(self.seen), self.error, set(self.dead), set(self.started)
        )

    def key(self) -> object:
        return (
            tuple(self.pc),
            _sorted(self.values),
            tuple(self.seen),
            self.error,
            frozenset(self.dead),
            frozenset(self.started),
        )

    def outcome(self, kind: str) -> object:
        """Without the time that it is: it says nothing about what was done."""
        return (
            kind,
            self.error,
            _sorted(self.values),
            tuple(self.seen),
        )


def _sorted(values: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(values.items(), key=lambda item: item[0]))


class Toy:
    def __init__(self, tasks: Sequence[Sequence[Op]], **values: object) -> None:
        n = len(tasks)
        main: list[Op] = [("start", number) for number in range(2, n + 2)]
        main += [("join", number) for number in range(2, n + 2)]
        self.code: list[list[Op]] = [[], [*main, ("exit", 1)]]
        self.code += [[*task, ("exit", number)] for number, task in enumerate(tasks, 2)]
        self.first = values
        self.final: State | None = None

    def begin(self) -> State:
        return State([0] * len(self.code), dict(self.first), [()] * len(self.code))

    # -- what the operations mean
    def alive(self, state: State) -> list[int]:
        return [task for task in sorted(state.started) if task not in state.dead]

    def op(self, state: State, task: int) -> Op:
        return self.code[task][state.pc[task]]

    def ready(self, state: State, task: int) -> bool:
        name, *rest = self.op(state, task)
        values = state.values
        what = rest[0]
        if name == "acquire":
            return values.get(str(what), 0) == 0
        if name == "down":
            return int(str(values.get(str(what), 0))) > 0
        if name == "until":
            return bool(values.get(str(what)))
        if name == "wake":
            notified = values.get(f"{what}.notified", ())
            return task in notified and values.get(str(rest[1]), 0) == 0  # type: ignore[operator]
        if name == "join":
            return what in state.dead
        if name == "sleep":
            return self._deadline(state, task) <= float(str(values.get("@clock", 0)))
        return True

    @staticmethod
    def _deadline(state: State, task: int) -> float:
        return float(str(state.values[f"@until{task}"]))

    def ready_tasks(self, state: State) -> list[int]:
        """Those that can go; where there is none, time passes until there is."""
        alive = self.alive(state)
        while True:
            ready = [task for task in alive if self.ready(state, task)]
            sleepers = [task for task in alive if self.op(state, task)[0] == "sleep"]
            if ready or not sleepers:
                return ready
            state.values["@clock"] = min(self._deadline(state, task) for task in sleepers)

    def _arrive(self, state: State, task: int) -> None:
        name, *rest = self.op(state, task)
        if name == "sleep":
            state.values[f"@until{task}"] = float(str(state.values.get("@clock", 0))) + float(str(rest[0]))

    def go(self, state: State, task: int) -> None:
        name, *rest = self.op(state, task)
        values = state.values
        what = str(rest[0])
        value = values.get(what, 0)
        state.pc[task] += 1
        if name == "acquire":
            values[what] = task
        elif name == "release":
            if value == 0:
                self._fail(state, task, "release of a free lock")
            else:
                values[what] = 0
        elif name == "try":
            state.seen[task] += (value == 0,)
            if value == 0:
                values[what] = task
            else:
                state.pc[task] += int(str(rest[1]))
        elif name == "trydown":
            state.seen[task] += (value != 0,)
            if value:
                values[what] = int(str(value)) - 1
            else:
                state.pc[task] += int(str(rest[1]))
        elif name in {"read", "is_set"}:
            state.seen[task] += (value,)
        elif name == "load":
            values[f"tmp{task}"] = value
        elif name == "store":
            values[what] = values[f"tmp{task}"] + 1  # type: ignore[operator]
        elif name == "write":
            values[what] = rest[1]
        elif name == "append":
            values[what] = (*(value or ()), rest[1])  # type: ignore[misc]
        elif name == "pop":
            if value:
                state.seen[task] += (value[0],)  # type: ignore[index]
                values[what] = value[1:]  # type: ignore[index]
            else:
                self._fail(state, task, "pop from empty list")
        elif name in {"down", "up"}:
            values[what] = int(str(value)) + (1 if name == "up" else -1)
        elif name in {"set", "clear"}:
            values[what] = name == "set"
        elif name == "wait":
            values[str(rest[1])] = 0
            values[f"{what}.waiting"] = (*values.get(f"{what}.waiting", ()), task)  # type: ignore[misc]
        elif name == "wake":
            values[str(rest[1])] = task
            notified = values[f"{what}.notified"]
            values[f"{what}.notified"] = tuple(other for other in notified if other != task)  # type: ignore[attr-defined]
        elif name == "notify":
            waiting: tuple[int, ...] = values.get(f"{what}.waiting", ())  # type: ignore[assignment]
            n = int(str(rest[1]))
            values[f"{what}.waiting"] = waiting[n:]
            values[f"{what}.notified"] = (*values.get(f"{what}.notified", ()), *waiting[:n])  # type: ignore[misc]
        elif name == "start":
            state.started.add(int(what))
            self._arrive(state, int(what))
        elif name == "exit":
            state.dead.add(task)
        if task not in state.dead:
            self._settle(state, task)
            self._arrive(state, task)

    def _settle(self, state: State, task: int) -> None:
        """Steps that nobody else can notice: they belong to the operation before."""
        while True:
            name, *rest = self.op(state, task)
            if name == "nothing_if_full":  # jump over what follows unless the list that was loaded is empty
                state.pc[task] += 1 + (int(str(rest[0])) if state.values[f"tmp{task}"] else 0)
            elif name == "back":
                state.pc[task] -= int(str(rest[0]))
            else:
                return

    def _fail(self, state: State, task: int, error: str) -> None:
        # of each task its own: which of two that share nothing fails first is not an outcome
        state.error = ";".join(sorted(filter(None, (*state.error.split(";"), f"{task}: {error}"))))
        state.pc[task] = len(self.code[task]) - 1

    # -- executed under a chooser, as real programs are
    def run(self, choose: Chooser) -> Result:
        state = self.begin()
        keys: dict[object, int] = {}
        pending: dict[int, Operation] = {}
        steps: list[Step] = []
        running = 0

        def announce(task: int) -> None:
            op = self.op(state, task)
            name = str(op[0])
            on: object = str(op[1])
            if name == "start":
                on = "starts"
            elif name in {"exit", "join"}:
                on = ("task", op[1])
            elif name in {"wait", "wake"}:
                on = str(op[2])
            key = keys.setdefault(on, len(keys) + 1) if name != "sleep" else 0
            pending[task] = Operation(name, key, name not in READS, state.pc[task], "toy", str(on))

        announce(1)
        outcome = "finished"
        while pending:
            enabled = tuple(self.ready_tasks(state))
            if not enabled:
                outcome = DEADLOCK
                break
            try:
                task = choose(Point(len(steps), running, enabled, dict(pending)))
            except Cut:
                outcome = "cut"
                break
            assert task in enabled
            steps.append(Step(task, pending[task], enabled))
            was = self.op(state, task)
            self.go(state, task)
            running = task
            if task in state.dead:
                del pending[task]
            else:
                announce(task)
            if was[0] == "start":
                announce(int(str(was[1])))
        if outcome == "finished" and state.error:
            outcome = "failed"
        self.final = state
        return Result(
            steps=steps,
            outcome=outcome,
            error=state.error if outcome != DEADLOCK else "",
            where=("toy", 0),
            pending=dict(pending) if outcome != "finished" else {},
            output="",
            warnings=[],
        )

    def final_outcome(self, result: Result) -> object:
        assert self.final is not None
        return self.final.outcome(DEADLOCK if result.outcome == DEADLOCK else "end")


def all_outcomes(toy: Toy, limit: int = 200_000) -> set[object] | None:
    """Every outcome that any order has; None when there are too many states."""
    first = toy.begin()
    todo, known, found = [first], {first.key()}, set()
    while todo:
        state = todo.pop()
        alive = toy.alive(state)
        ready = toy.ready_tasks(state)
        if not ready:
            found.add(state.outcome(DEADLOCK if alive else "end"))
        for task in ready:
            after = state.copy()
            toy.go(after, task)
            if (key := after.key()) not in known:
                if len(known) >= limit:
                    return None
                known.add(key)
                todo.append(after)
    return found
