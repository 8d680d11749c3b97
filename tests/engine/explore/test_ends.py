"""What the program does to the process that explores it is told in one clear verdict, never as a pass."""

from pathlib import Path

from real_programs import INCREMENTS, LOCKED_APPENDS, explored

from syncscope_engine.explore.verdict import Explored, Verdict


def _ended(result: Explored) -> tuple[str, str]:
    assert result.verdict is Verdict.BUDGET_SPENT
    assert (result.reason, result.exit_status) == ("ended", 4)
    (ending,) = result.endings
    return ending.how, ending.detail


def test_a_program_that_kills_its_process(tmp_path: Path) -> None:
    assert _ended(explored(tmp_path, "import os\nos.kill(os.getpid(), 9)")) == ("killed", "SIGKILL")


def test_a_program_that_crashes(tmp_path: Path) -> None:
    source = "import ctypes\nctypes.string_at(0)"
    assert _ended(explored(tmp_path, source)) == ("killed", "SIGSEGV")


def test_a_program_that_leaves_past_the_end(tmp_path: Path) -> None:
    assert _ended(explored(tmp_path, "import ctypes\nctypes.CDLL(None)._exit(0)")) == ("left", "0")
    assert _ended(explored(tmp_path, "import ctypes\nctypes.CDLL(None)._exit(7)")) == ("left", "7")


def test_an_endless_loop_in_c_that_keeps_the_gil(tmp_path: Path) -> None:
    source = "import itertools, collections\ncollections.deque(itertools.repeat(0), maxlen=0)"
    result = explored(tmp_path, source, patience_s=1.0)
    assert _ended(result)[0] == "silent"
    assert (Path(result.endings[0].file).name, result.endings[0].line) == ("program.py", 2)


def test_a_program_that_closes_every_descriptor_cannot_close_ours(tmp_path: Path) -> None:
    result = explored(tmp_path, "import os\nos.closerange(3, 64)")
    assert result.verdict is Verdict.EXHAUSTED


def test_an_order_that_is_too_long_is_never_exhausted(tmp_path: Path) -> None:
    result = explored(tmp_path, INCREMENTS, "50", max_steps=60)
    assert (result.verdict, result.reason) == (Verdict.BUDGET_SPENT, "unfinished")


def test_a_budget_of_orders_is_kept_to(tmp_path: Path) -> None:
    result = explored(tmp_path, LOCKED_APPENDS, "3", "2", runs=10)
    assert (result.verdict, result.reason, result.runs) == (Verdict.BUDGET_SPENT, "runs", 10)
