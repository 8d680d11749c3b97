"""A small catalogue that does not depend on the real scenarios."""

from pathlib import Path

from syncscope.catalogue import Catalogue, Group, Parameter, Program, Scenario

SAMPLE_PROGRAM = "import sys\nprint('hello', *sys.argv[1:])\n"
LESSON = {
    "en": "# {title}\n\nTwo threads read the **same** old value.\n\n```python\nx = read()\n```\n\n- one\n- two\n",
    "zh": "# {title}\n\n两个线程读到了**同一个**旧值。\n\n```python\nx = read()\n```\n\n- 一\n- 二\n",
}


def make_catalogue(folder: Path, problems: tuple[str, ...] = ()) -> Catalogue:
    """Three scenarios in two groups, with their files in `folder`."""
    groups = (
        Group("shared", {"en": "Shared data and locks", "zh": "共享数据与锁"}),
        Group("asyncio", {"en": "Tasks of one event loop", "zh": "同一个事件循环里的任务"}),
    )
    threads = Parameter(
        "threads", "int", 2, 1, 16, (), {"en": "how many threads add to the counter", "zh": "有几个线程来加"}
    )
    pause = Parameter("pause", "float", 0.5, 0, 5, (), {"en": "seconds in between", "zh": "中间停几秒"})
    order = Parameter(
        "order", "choice", "fifo", None, None, ("fifo", "lifo"), {"en": "who is first", "zh": "谁先"}
    )
    loud = Parameter(
        "loud", "bool", False, None, None, (), {"en": "print every step", "zh": "每一步都打印"}, ("broken",)
    )
    scenarios = (
        _scenario(
            folder, 10, "race_condition", "shared", "natural",
            {"en": "Race condition", "zh": "竞态条件"},
            {
                "en": "Two threads add to one counter. Both read the same old value, and one of the two "
                "updates disappears.",
                "zh": "两个线程给同一个计数器加数。它们读到同一个旧值，其中一次更新就消失了。",
            },
            (("broken", "broken", "read, compute, write without a lock", "读、算、写，没有加锁", ("lost_update",)),
             ("fixed", "fixed", "the same with a lock", "同样的程序，加了锁", ())),
            (threads, pause, order, loud),
        ),
        _scenario(
            folder, 20, "lock", "shared", "scheduled",
            {"en": "Lock: only those who ask for it stop", "zh": "锁：只有来要它的人才会停下"},
            {"en": "A lock stops only the threads that ask for it.", "zh": "锁只让来要它的线程停下。"},
            (("fixed", "fixed", "a lock around the update", "更新外面加了锁", ()),
             ("too_wide", "variant", "the whole loop inside the lock", "整个循环都在锁里", ()),
             ("wrong_lock", "broken", "two locks for one counter", "一个计数器，两把锁", ("lost_update",))),
            (threads,),
        ),
        _scenario(
            folder, 30, "timeout_and_cancel", "asyncio", "staged",
            {"en": "Timeout and cancellation", "zh": "超时与取消"},
            {"en": "Five tasks under one timeout.", "zh": "五个任务，一个超时。"},
            (("fixed", "fixed", "each task cleans up and ends", "每个任务收拾好再结束", ()),),
            (),
        ),
    )  # fmt: skip
    return Catalogue(scenarios, groups, problems)


def _scenario(folder, order, name, group, kind, title, summary, programs, parameters) -> Scenario:
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    for language, lesson in LESSON.items():
        (home / f"lesson.{language}.md").write_text(lesson.format(title=title[language]), encoding="utf-8")
    for program in programs:
        (home / f"{program[0]}.py").write_text(SAMPLE_PROGRAM, encoding="utf-8")
    return Scenario(
        id=name, order=order, group=group, kind=kind, title=title, summary=summary,
        programs=tuple(
            Program(id_, role, home / f"{id_}.py", {"en": en, "zh": zh}, expects)
            for id_, role, en, zh, expects in programs
        ),
        parameters=parameters, questions=(), folder=home,
    )  # fmt: skip
