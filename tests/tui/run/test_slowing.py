"""The key that slows the program itself."""

from pathlib import Path

from stage import stage
from syncscope.look import Look
from syncscope.renderables.header import Facts, header
from syncscope.renderables.mode import Mode
from syncscope.widgets.header import HeaderLine
from syncscope_engine.session import Options

SPINNER = """\
import threading
lock = threading.Lock()
while True:
    with lock:
        threading.Event().wait(0.002)
"""


async def test_one_key_goes_through_the_delays_and_round(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(SPINNER, encoding="utf-8")
    async with stage(script, (140, 30)) as on:
        await on.until("live")
        assert "slowed:" not in on.text(HeaderLine)
        for said in "10.0 ms", "50.0 ms", "200 ms", "1.00 s":
            await on.press("d")
            await on.until(f"slowed: {said} at each operation")
        await on.press("d")
        await on.until_true(lambda: "slowed:" not in on.text(HeaderLine))


async def test_the_command_line_s_delay_is_shown_and_the_key_goes_on_from_it(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(SPINNER, encoding="utf-8")
    async with stage(script, (140, 30), options=Options(slow_ns=20_000_000)) as on:
        await on.until("slowed: 20.0 ms at each operation")
        await on.press("d")
        await on.until("slowed: 50.0 ms at each operation")


def test_it_stands_before_all_counts_in_the_colour_of_warnings() -> None:
    look = Look()
    facts = Facts(Mode("live"), 0, 1_000, 5, gate_ns=50_000_000)
    line = header("Program", "", facts, look, 140)
    assert line.text.index("slowed: 50.0 ms at each operation") < line.text.index("5 dropped")
    style = next(segment.style for segment in line if "slowed" in segment.text)
    assert style is not None
    assert style.color == look.style("warning").color
