"""Each panel by itself in an application: what it draws, what its keys do, and that it draws no more than it must."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from syncscope.feed import Snapshot
from syncscope.widgets.cores import CoresPanel
from syncscope.widgets.output import OutputPanel
from syncscope.widgets.resources import ResourcesPanel
from syncscope.widgets.source import SourcePanel
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans

from .scene import Scene


def snapshot(scene: Scene, status: str = "running") -> Snapshot:
    recording = scene.recording
    return Snapshot(
        scene.state, recording.tables, Spans(), Holds(), recording, (), status, None, None, scene.tape.now_ns,
        recording.tables.start_ns, len(recording), 0, 0, 0.01, recording.samples[-1] if recording.samples else None,
    )  # fmt: skip


class OneWidget(App[None]):
    CSS = "Screen { background: $background; } RowsView, OutputPanel { height: 1fr; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.messages: list[Message] = []

    def get_css_variables(self) -> dict[str, str]:
        return super().get_css_variables() | {"selection": "#333333"}

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_resources_panel_highlighted(self, message: ResourcesPanel.Highlighted) -> None:
        self.messages.append(message)

    def on_output_panel_line_typed(self, message: OutputPanel.LineTyped) -> None:
        self.messages.append(message)

    def text(self) -> list[str]:
        widget = self.widget.rows_view if isinstance(self.widget, OutputPanel) else self.widget
        return [line.text.rstrip() for line in widget.render_lines(Region(0, 0, *widget.size))]


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Region]]:
    """Regions that panels ask to be drawn."""
    regions: list[Region] = []
    real = ResourcesPanel.refresh

    def refresh(self: ResourcesPanel, *asked: Region, **more: object) -> object:
        regions.extend(asked)
        return real(self, *asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ResourcesPanel, "refresh", refresh)
    return regions


async def test_resources_are_chosen_and_highlighted_by_key() -> None:
    scene = Scene()
    panel = ResourcesPanel()
    app = OneWidget(panel)
    async with app.run_test(size=(90, 10)) as pilot:
        panel.show(snapshot(scene), 0)
        await pilot.pause()
        assert app.text()[1].startswith("▶ lock    stock_lock")
        await pilot.press("down", "down", "enter")
        assert app.text()[3].startswith("▶ queue   buffer")
        assert [m.resource for m in app.messages if isinstance(m, ResourcesPanel.Highlighted)] == [
            scene.buffer
        ]
        await pilot.press("enter")
        assert [m.resource for m in app.messages if isinstance(m, ResourcesPanel.Highlighted)] == [
            scene.buffer,
            0,
        ]
        await pilot.press("o", "o", "o")  # by name: the chosen one stays chosen
        assert app.text()[1].startswith("▶ queue   buffer")
        await pilot.click(ResourcesPanel, offset=(3, 2))
        assert app.messages[-1].resource == scene.closed  # type: ignore[attr-defined]


async def test_only_lines_that_changed_are_drawn(refreshed: list[Region]) -> None:
    scene = Scene()
    panel = ResourcesPanel()
    async with OneWidget(panel).run_test(size=(90, 10)) as pilot:
        panel.show(snapshot(scene), 0)
        await pilot.pause()
        refreshed.clear()
        panel.show(snapshot(scene), 0)
        assert refreshed == []
        scene.tape.get(scene.t1, scene.buffer)
        panel.show(snapshot(scene), 0)
        assert {region.y for region in refreshed} == {3}


async def test_a_hidden_panel_costs_nothing_and_is_right_when_it_comes_back() -> None:
    scene = Scene()
    panel = ResourcesPanel()
    app = OneWidget(panel)
    async with app.run_test(size=(90, 10)) as pilot:
        panel.show(snapshot(scene), 0)
        panel.display = False
        await pilot.pause()
        before = panel.rows
        scene.tape.get(scene.t1, scene.buffer)
        panel.show(snapshot(scene), 0)
        assert panel.rows is before
        panel.display = True
        await pilot.pause()
        assert "1/4" in app.text()[3]


async def test_the_source_follows_the_focused_task(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("".join(f"line_{n} = {n}\n" for n in range(1, 101)), encoding="utf-8")
    scene = Scene(str(program))
    panel = SourcePanel()
    app = OneWidget(panel)
    async with app.run_test(size=(60, 12)) as pilot:
        panel.forget(str(program))
        panel.show(snapshot(scene), scene.t1)
        await pilot.pause()
        assert any("15 ▶ line_15 = 15" in line for line in app.text())
        panel.show(snapshot(scene), scene.tape.main)
        await pilot.pause()
        assert any("40 ▶ line_40 = 40" in line for line in app.text())
        assert not any("line_15" in line for line in app.text())


async def test_a_source_that_cannot_be_read_is_said() -> None:
    scene = Scene("/nowhere/program.py")
    panel = SourcePanel()
    app = OneWidget(panel)
    async with app.run_test(size=(70, 8)) as pilot:
        panel.show(snapshot(scene), scene.t1)
        await pilot.pause()
        assert any("cannot be read: No such file" in line for line in app.text())


async def test_output_stays_at_the_end_until_one_scrolls_back() -> None:
    scene = Scene()
    panel = OutputPanel()
    app = OneWidget(panel)
    async with app.run_test(size=(60, 8)) as pilot:
        for n in range(30):
            scene.tape.prints(f"line {n}\n")
            panel.show(snapshot(scene), 0)
        await pilot.pause()
        assert app.text()[-1].strip() == "line 29"
        panel.rows_view.page(-1)
        await pilot.pause()
        shown = app.text()
        scene.tape.prints("line 30\n")
        panel.show(snapshot(scene), 0)
        await pilot.pause()
        assert app.text() == shown
        panel.rows_view.action_edge(1)
        await pilot.pause()
        assert app.text()[-1].strip() == "line 30"


async def test_a_line_is_typed_to_the_program() -> None:
    panel = OutputPanel()
    app = OneWidget(panel)
    async with app.run_test(size=(60, 8)) as pilot:
        panel.show(snapshot(Scene()), 0)
        panel.input.focus()
        await pilot.press("4", "2", "enter")
        assert [m.text for m in app.messages if isinstance(m, OutputPanel.LineTyped)] == ["42\n"]
        panel.show(snapshot(Scene(), "ended"), 0)
        assert not panel.input.display


async def test_cores_are_shown_with_what_is_missing() -> None:
    panel = CoresPanel()
    app = OneWidget(panel)
    async with app.run_test(size=(90, 8)) as pilot:
        panel.show(snapshot(Scene().sampled()), 0)
        await pilot.pause()
        assert app.text()[1].startswith(" core 1 ███")
