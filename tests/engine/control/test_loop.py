"""asyncio: what the real loop can do, and what no loop does but a program should not rely on."""

import textwrap

import pytest

from syncscope_engine.control.dpor import Dpor
from syncscope_engine.control.execution import Execution, Result
from syncscope_engine.control.program import Program
from syncscope_engine.control.strategy import keep_going


def execution(source: str, order: str = "faithful") -> Execution:
    return Execution(Program(["program.py"], textwrap.dedent(source)), asyncio_order=order)


def ends(source: str, order: str) -> set[str]:
    run, strategy, found = execution(source, order).run, Dpor(), set()
    while (choose := strategy.next()) is not None:
        result = run(choose)
        strategy.learn(result)
        if result.outcome != "cut":
            found.add(result.output.strip() if result.outcome == "finished" else result.outcome)
    return found


GATHER = """
import asyncio
async def say(name):
    print(name, end="")
    await asyncio.sleep(0)
    print(name.upper(), end="")
async def main():
    await asyncio.gather(say("a"), say("b"))
asyncio.run(main())
"""
LOST = """
import asyncio
count = 0
async def add():
    global count
    old = count
    await asyncio.sleep(0)
    count = old + 1
async def main():
    await asyncio.gather(add(), add())
    print(count)
asyncio.run(main())
"""
TIMERS = """
import asyncio
async def say(name, seconds):
    await asyncio.sleep(seconds)
    print(name, end="")
async def main():
    await asyncio.gather(say("a", 2), say("b", 2), say("c", 1))
    print(asyncio.get_running_loop().time())
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("source", "order", "expected"),
    [
        (GATHER, "faithful", {"abAB"}),
        (GATHER, "adversarial", {"abAB", "abBA", "aAbB", "baAB", "baBA", "bBaA"}),
        (LOST, "faithful", {"1"}),
        (LOST, "adversarial", {"1", "2"}),
        (TIMERS, "faithful", {"cab2.0", "cba2.0"}),
        (TIMERS, "adversarial", {"cab2.0", "cba2.0"}),
    ],
)
def test_what_can_come_of_it(source: str, order: str, expected: set[str]) -> None:
    assert ends(source, order) == expected


def test_the_order_is_labelled() -> None:
    def warnings(order: str) -> list[str]:
        return [w for w in execution(GATHER, order).run(keep_going).warnings if "asyncio" in w]

    assert warnings("faithful") == []
    assert warnings("adversarial") == [
        "asyncio: any ready callback may go first; the real loop runs them in turn"
    ]
    with pytest.raises(ValueError, match="no such order"):
        execution(GATHER, "random")


def once(source: str) -> Result:
    return execution(source).run(keep_going)


def test_steps_name_their_task_and_its_line() -> None:
    run = execution(GATHER).run
    result = run(keep_going)
    told = [(result.names[s.task], s.operation.line) for s in result.steps if s.operation.kind == "run"]
    assert told[:5] == [("Task-1", 7), ("Task-2", 3), ("Task-3", 3), ("Task-2", 5), ("Task-3", 5)]
    assert run(keep_going).steps == result.steps


def test_everybody_waits() -> None:
    result = once(
        """
        import asyncio
        async def wait(first, second):
            async with first:
                await asyncio.sleep(1)
                async with second: pass
        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(wait(a, b), wait(b, a))
        asyncio.run(main())
        """
    )
    assert result.outcome == "deadlock"
    waits = {result.names[task]: (op.kind, op.line) for task, op in result.pending.items()}
    assert waits == {
        "MainThread": ("wait", 10), "Task-1": ("await", 9), "Task-2": ("await", 6), "Task-3": ("await", 6),
    }  # fmt: skip


def test_time_limits() -> None:
    result = once(
        """
        import asyncio, time
        async def main():
            try: await asyncio.wait_for(asyncio.Event().wait(), 3600)
            except asyncio.TimeoutError: print("late", time.monotonic())
            asyncio.get_running_loop().call_later(5, print, "called")
            await asyncio.sleep(9)
            queue = asyncio.Queue()
            task = asyncio.create_task(queue.get(), name="mine")
            await queue.put(1)
            print(await task, task.get_name(), asyncio.current_task().get_name())
        asyncio.run(main())
        """
    )
    assert (result.outcome, result.error) == ("finished", "")
    assert result.output == "late 3600.0\ncalled\n1 mine Task-1\n"


def test_threads_beside_the_loop() -> None:
    assert ends(
        """
        import asyncio
        def work(): return 7
        async def main():
            print(await asyncio.to_thread(work))
        asyncio.run(main())
        """,
        "faithful",
    ) == {"7"}


@pytest.mark.parametrize(
    ("body", "outcome", "error"),
    [
        ("1 / 0", "failed", "ZeroDivisionError: division by zero"),
        ("await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))", "finished", ""),
        ("raise SystemExit(2)", "failed", "exit status 2"),
        (
            "task = asyncio.create_task(asyncio.sleep(9)); await asyncio.sleep(0); task.cancel()",
            "finished",
            "",
        ),
    ],
)
def test_how_a_program_ends(body: str, outcome: str, error: str) -> None:
    source = f"import asyncio\nasync def main():\n    {body}\nasyncio.run(main())"
    run = execution(source).run
    for _ in range(2):
        result = run(keep_going)
        assert (result.outcome, result.error) == (outcome, error)
