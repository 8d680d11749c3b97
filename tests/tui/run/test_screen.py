"""The run screen with real programs, by its keys."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stage import stage
from syncscope import i18n
from syncscope.catalogue import Parameter, Program, Scenario
from syncscope.widgets.banner import Banner
from syncscope.widgets.detail import DetailLines
from syncscope.widgets.findings import FindingsPanel
from syncscope.widgets.header import HeaderLine
from syncscope.widgets.lanes import Lanes
from syncscope.widgets.output import OutputPanel
from syncscope.widgets.panel_tabs import PanelTabs
from syncscope.widgets.resources import ResourcesPanel
from syncscope.widgets.source import SourcePanel
from syncscope.widgets.story import StoryPanel

DEADLOCK = """\
import threading
a, b = threading.Lock(), threading.Lock()
a_taken, b_taken = threading.Event(), threading.Event()
def one():
    with a:
        a_taken.set()
        b_taken.wait()
        with b: pass
def two():
    with b:
        b_taken.set()
        a_taken.wait()
        with a: pass
threads = [threading.Thread(target=one, name="one"), threading.Thread(target=two, name="two")]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
SLEEPER = "import os, time\nprint(os.getpid())\ntime.sleep(60)\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write_program(code: str) -> Path:
        path = tmp_path / "program.py"
        path.write_text(code, encoding="utf-8")
        return path

    return write_program


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_program_ends_and_everything_stays(write: Callable[[str], Path]) -> None:
    async with stage(write("import threading\nlock = threading.Lock()\nwith lock: print('done')\n")) as on:
        await on.until("✓ ended")
        await on.until("lock", "free", of=ResourcesPanel)
        await on.press("2")
        await on.until("with lock: print('done')", of=SourcePanel)
        await on.press("5")
        await on.until("done", of=OutputPanel)
        await on.press("s")  # nothing to stop any more
        assert "✓ ended" in on.text(HeaderLine)
        await on.press("space")  # nothing to pause either: what was is played
        await on.until("past", "0.")
        await on.press("escape")
        await on.until("✓ ended")


async def test_a_deadlock_is_said_in_words_and_outlives_the_stop(write: Callable[[str], Path]) -> None:
    async with stage(write(DEADLOCK)) as on:
        await on.until("stuck: nobody can go on")
        await on.until("one", "two", of=Banner)
        await on.until("4 Findings ✗2", of=PanelTabs)  # and that the locks are taken in two orders
        await on.press("4")
        assert on.screen.query_one(Banner).display is False
        await on.press("down", "down", "down")
        await on.until(
            "waits for `b` held by two", "waits for `a` held by one", "the ring is closed", of=DetailLines
        )
        await on.press("s")
        await on.until("stuck, then stopped")
        await on.until("one", "two", of=FindingsPanel)
        await on.press("tab", "enter")  # its evidence: in the story, pointed out
        await on.until("▶", of=StoryPanel)
        pointed = [line for line in on.text(StoryPanel).splitlines() if line.startswith("▶")]
        assert any("two asks for `a`" in line for line in pointed), pointed
        assert on.screen.query_one(Lanes).focused_task == on.screen.query_one(DetailLines).looked_at


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import ctypes\nctypes.string_at(0)\n", "crashed: SIGSEGV"),
        ("import os\nos._exit(3)\n", "ended with exit status 3"),
    ],
)
async def test_however_it_ends_the_screen_says_so(
    write: Callable[[str], Path], code: str, words: str
) -> None:
    async with stage(write(code)) as on:
        await on.until(words)


async def test_garbage_on_the_output_does_no_harm(write: Callable[[str], Path]) -> None:
    garbage = "import os\nos.write(1, bytes(range(256)) * 40 + b'\\n\\x1b[2J\\x1b]0;x\\x07end\\n')\n"
    async with stage(write(garbage)) as on:
        await on.press("5")
        await on.until("^[[2J", "end", of=OutputPanel)
        await on.until("ended")


async def test_a_line_goes_to_the_program(write: Callable[[str], Path]) -> None:
    async with stage(write("print('hello', input('name? '))\n")) as on:
        await on.press("i")
        await on.until("name?", of=OutputPanel)
        await on.press("A", "d", "a", "enter")
        await on.until("hello Ada", of=OutputPanel)
        await on.until("ended")
        await on.until_true(lambda: isinstance(on.pilot.app.focused, Lanes))


async def test_pause_and_go_on(write: Callable[[str], Path]) -> None:
    async with stage(write(SLEEPER)) as on:
        await on.until("live")
        await on.press("space")
        await on.until("paused")
        await on.press("full_stop")
        await on.until("live")


async def test_going_back_kills_the_program(write: Callable[[str], Path]) -> None:
    async with stage(write(SLEEPER)) as on:
        await on.press("5")
        await on.until_true(lambda: on.text(OutputPanel).strip()[:1].isdigit())
        pid = on.pid
        assert lives(pid)
        await on.press("escape")
        await on.until_true(lambda: not lives(pid))
        assert on.pilot.app.screen is not on.screen


async def test_leaving_the_application_kills_the_program(write: Callable[[str], Path]) -> None:
    async with stage(write(SLEEPER)) as on:
        await on.press("5")
        await on.until_true(lambda: on.text(OutputPanel).strip()[:1].isdigit())
        pid = on.pid
    assert not lives(pid)


async def test_again_starts_anew_and_kills_the_old_one(write: Callable[[str], Path]) -> None:
    async with stage(write(SLEEPER)) as on:
        await on.press("5")
        await on.until_true(lambda: on.text(OutputPanel).strip()[:1].isdigit())
        first = on.pid
        await on.press("f5")
        await on.until_true(lambda: on.text(OutputPanel).strip()[:1].isdigit() and on.pid != first)
        assert not lives(first)
        assert lives(on.pid)


async def test_a_missing_script_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path / "nothing.py") as on:
        await on.until("There is no file", of=Banner)
        assert "cannot be shown" in on.text(HeaderLine)
        await on.press("r", "space", "s", "down", "2")
        await on.until("There is no file", of=Banner)


def scenario_in(folder: Path) -> Scenario:
    title = {"en": "Lock", "zh": "锁"}
    for name in ("broken", "fixed"):
        code = f"import sys\nprint('{name}', *sys.argv[1:])\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    programs = tuple(
        Program(name, "variant", folder / f"{name}.py", {"en": name, "zh": name}, ())
        for name in ("broken", "fixed")
    )
    help_ = {"en": "how many", "zh": "几个"}
    parameters = (Parameter("workers", "int", 4, 1, 99, (), help_),)
    return Scenario("lock", 1, "g", "natural", title, title, programs, parameters, (), folder)


async def test_the_other_program_and_other_parameters(tmp_path: Path) -> None:
    scenario = scenario_in(tmp_path)
    async with stage(tmp_path / "broken.py", (120, 40), scenario, "lock:broken") as on:
        await on.press("5")
        await on.until("broken", of=OutputPanel)
        assert "Lock: broken" in on.text(HeaderLine)
        await on.press("f6")
        await on.until("fixed", of=OutputPanel)
        assert "Lock: fixed · lock:fixed" in on.text(HeaderLine)
        await on.press("f7")
        await on.pilot.pause()
        await on.press("7", "enter")
        await on.until("fixed --workers=7", of=OutputPanel)


@pytest.mark.parametrize("size", [(60, 16), (160, 50)])
async def test_every_size_shows_its_panels_and_keys_reach_them(
    write: Callable[[str], Path], size: tuple[int, int]
) -> None:
    async with stage(write(SLEEPER), size) as on:
        await on.until("live")
        assert isinstance(on.pilot.app.focused, Lanes)
        for number, name in enumerate(("resources", "source", "cores", "findings", "output", "story"), 1):
            await on.press(str(number))
            assert on.screen.query_one(f"#{name}").display
            assert isinstance(on.pilot.app.focused, Lanes)  # digits show; tab goes there
        shown = [
            n
            for n in ("resources", "source", "cores", "findings", "output", "story")
            if on.screen.query_one(f"#{n}").display
        ]
        visited = []
        for _ in shown:
            await on.press("tab")
            focused = on.pilot.app.focused
            assert focused is not None
            visited.append(next(node.id for node in focused.ancestors_with_self if node.id in shown))
        assert visited == shown
        await on.press("tab")
        assert isinstance(on.pilot.app.focused, Lanes)


async def test_a_picture_that_fails_does_not_end_the_application(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such colour")

    async with stage(write(SLEEPER)) as on:
        on.may_fail = True
        await on.until("live")
        monkeypatch.setattr(DetailLines, "build", fail)
        await on.until("A part of the picture failed: RuntimeError: no such colour", of=Banner)
        assert "cannot be shown" in on.text(HeaderLine)
        monkeypatch.undo()
        await on.press("r")
        await on.until("live")


async def test_tabs_and_rows_can_be_clicked(write: Callable[[str], Path]) -> None:
    async with stage(write(DEADLOCK), (90, 30)) as on:
        await on.until("stuck")
        await on.until("one", of=Banner)
        await on.pilot.click(Banner, offset=(10, 0))
        await on.until("observed", of=FindingsPanel)
        await on.pilot.click(PanelTabs, offset=(on.text(PanelTabs).index("1 Res") + 2, 0))
        await on.until("lock", "a", "b", of=ResourcesPanel)
        await on.pilot.click(ResourcesPanel, offset=(12, 1))
        await on.until_true(lambda: on.screen.query_one(Lanes).resource != 0)
        assert on.screen.query_one(Lanes).resource == on.screen.query_one(ResourcesPanel).highlighted


async def test_a_change_of_size_and_language_keeps_the_picture(write: Callable[[str], Path]) -> None:
    async with stage(write(SLEEPER)) as on:
        await on.until("live")
        await on.pilot.resize_terminal(160, 50)
        await on.press("l")
        await on.until("实时")
        assert "资源" in on.text(PanelTabs)
        await on.pilot.resize_terminal(80, 24)
        await on.until("实时")
        i18n.set_language("en")
