"""A run screen in a test, and what is to be seen on it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from syncscope.app import SyncscopeApp
from syncscope.catalogue import Scenario
from syncscope.screens.run import RunScreen
from syncscope.widgets.banner import Banner
from syncscope.widgets.detail import DetailLines
from syncscope.widgets.header import HeaderLine
from syncscope.widgets.output import OutputPanel
from syncscope.widgets.panel_tabs import PanelTabs
from syncscope_engine.session import Options, Target

WAIT_S = 15.0


class Stage:
    """A run screen with its program, and what is to be seen on it."""

    def __init__(self, screen: RunScreen, pilot: Pilot[Any]) -> None:
        self.screen, self.pilot = screen, pilot
        self.may_fail = False

    def text(self, of: type[Widget]) -> str:
        widget = self.screen.query_one(of)
        shown = widget.rows_view if isinstance(widget, OutputPanel) else widget
        return "\n".join(line.text.rstrip() for line in shown.render_lines(Region(0, 0, *shown.size)))

    async def until(self, *words: str, of: type[Widget] = HeaderLine) -> None:
        await self.until_true(lambda: all(word in self.text(of) for word in words), words, of)

    async def until_true(self, what: Callable[[], bool], *about: object) -> None:
        for _ in range(int(WAIT_S / 0.02)):
            if what():
                return
            await self.pilot.pause(0.02)
        seen = "\n".join(
            self.text(part) for part in (HeaderLine, DetailLines, Banner, PanelTabs, OutputPanel)
        )
        raise AssertionError(f"never seen: {about}\n{seen}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    @property
    def pid(self) -> int:
        """What the sleeper prints."""
        return int(self.text(OutputPanel).split()[0])


@asynccontextmanager
async def stage(
    script: Path,
    size: tuple[int, int] = (80, 24),
    scenario: Scenario | None = None,
    label: str = "",
    recorded: Path | None = None,
    options: Options = Options(),  # noqa: B008
) -> AsyncIterator[Stage]:
    program = scenario.programs[0] if scenario else None
    target = Target(label or script.name, script)
    screen = RunScreen(target, options, script.name, scenario, program, recorded)
    app = SyncscopeApp(lambda: screen)  # type: ignore[arg-type, return-value]
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        on = Stage(screen, pilot)
        yield on
        assert on.may_fail or "picture" not in screen.problem
