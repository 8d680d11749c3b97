"""The target runs as `python` would run it, afresh in every execution."""

import sys
from pathlib import Path

import pytest

from controlled import file_execution, once
from syncscope_engine.control.execution import Execution, Result
from syncscope_engine.control.program import Program
from syncscope_engine.control.strategy import keep_going


def write(folder: Path, **files: str) -> Path:
    for name, source in files.items():
        path = folder / (name.replace("__dot__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return folder / "main.py"


def run_twice(execution: Execution) -> Result:
    first, second = execution.run(keep_going), execution.run(keep_going)
    assert (first.outcome, first.error, first.output) == (second.outcome, second.error, second.output)
    return first


def test_modules_beside_it_are_its_own_and_fresh(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main="import counting, package.inner as inner\nfrom package import name\ncounting.add()\nprint(counting.n, inner.x, name)",
        counting="n = 0\ndef add():\n    global n\n    n += 1",
        package__dot____init__="name = __name__",
        package__dot__inner="from . import name\nfrom .other import y\nx = name + y",
        package__dot__other="y = __name__",
    )
    result = run_twice(file_execution(main))
    assert result.output == "1 packagepackage.other package\n"
    assert "counting" not in sys.modules


def test_accesses_in_other_modules_are_points(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main="""
import threading, counting
threads = [threading.Thread(target=counting.add) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
""",
        counting="n = 0\ndef add():\n    global n\n    n += 1",
    )
    result = run_twice(file_execution(main))
    seen = {(Path(s.operation.file).name, s.operation.line, s.operation.kind) for s in result.steps}
    assert {("counting.py", 4, "read"), ("counting.py", 4, "write")} <= seen


def test_an_attribute_of_a_module_is_its_variable(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main="""
import threading, config
def work():
    config.n += 1
    config.add()
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
""",
        config="n = 0\ndef add(): return n",
    )
    result = run_twice(file_execution(main))
    keys = {
        s.operation.key
        for s in result.steps
        if s.operation.kind in ("read", "write") and s.operation.what in ("n", "config.n")
    }
    assert len(keys) == 1
    assert [s for s in result.steps if s.operation.what == "n"]


def test_arguments_name_and_place(tmp_path: Path) -> None:
    main = write(
        tmp_path, main="import sys\nprint(sys.argv[1:], __name__, __file__ == sys.argv[0], sys.path[0])"
    )
    result = run_twice(file_execution(main, "access", "--n", "3"))
    assert result.output == f"['--n', '3'] __main__ True {tmp_path}\n"


@pytest.mark.parametrize(
    ("module", "expected"), [("tool", "tool __main__"), ("pack", "pack __main__"), ("pack.sub", "sub pack")]
)
def test_a_module_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, expected: str) -> None:
    write(
        tmp_path,
        tool="print('tool', __name__)",
        pack__dot____init__="",
        pack__dot____main__="from . import sub\nprint('pack', __name__)",
        pack__dot__sub="print('sub', __package__) if __name__ == '__main__' else None",
    )
    monkeypatch.chdir(tmp_path)
    result = run_twice(Execution(Program(["-m", module])))
    assert (result.error, result.output.strip()) == ("", expected)


def test_what_fails_is_where_it_is_in_the_program(tmp_path: Path) -> None:
    main = write(
        tmp_path, main="import helper\nhelper.fail()", helper="import json\ndef fail():\n    json.loads('{')"
    )
    result = run_twice(file_execution(main))
    assert result.outcome == "failed"
    assert result.where == (str(tmp_path / "helper.py"), 3)


def test_a_module_that_is_not_there_is_the_program_s_own_failure() -> None:
    assert (
        once("import nothing_of_this_name").error
        == "ModuleNotFoundError: No module named 'nothing_of_this_name'"
    )


def test_random_numbers_are_the_same_in_every_execution_and_other_ones_for_another_seed() -> None:
    def output(seed: int) -> str:
        return run_twice(
            Execution(Program(["program.py"], "import random; print(random.random())"), seed=seed)
        ).output

    assert output(0) != output(1)


def test_logging_does_not_grow() -> None:
    source = "import logging, sys\nlogging.basicConfig(stream=sys.stdout, format='%(threadName)s %(message)s')\nlogging.warning('x')"
    assert run_twice(Execution(Program(["program.py"], source))).output == "MainThread x\n"


def test_exit_handlers_run_at_the_end() -> None:
    source = "import atexit\natexit.register(print, 'a')\natexit.register(print, 'b')\nprint('main')"
    assert run_twice(Execution(Program(["program.py"], source))).output == "main\nb\na\n"
