"""The catalogue by its keys, in sizes, languages and themes; programs are not run here."""

import os
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from syncscope import catalogue as catalogue_module
from syncscope import i18n
from syncscope.app import SyncscopeApp
from syncscope.catalogue import load_catalogue
from syncscope.look import Look, current_look, set_look
from syncscope.screens import run as run_module
from syncscope.screens.catalogue import CatalogueScreen
from syncscope.screens.help import HelpScreen
from syncscope.screens.lesson import LessonScreen
from syncscope.screens.too_small import TooSmallScreen
from syncscope.widgets.scenario_details import ScenarioDetails
from syncscope.widgets.scenario_list import ScenarioList, matches
from syncscope_engine.session import Options

from .sample import make_catalogue

SMALL, LARGE = (80, 24), (120, 40)


class Asked(Screen[None]):
    """Stands for the run screen: keeps what it was asked to run."""

    def __init__(self, target: Any, options: Any, title: str, scenario: Any, program: Any) -> None:
        super().__init__()
        self.target, self.run_options, self.run_title = target, options, title


@pytest.fixture(autouse=True)
def _no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "RunScreen", Asked)


@pytest.fixture
def app(tmp_path: Path) -> SyncscopeApp:
    return SyncscopeApp(catalogue=make_catalogue(tmp_path), options=Options(budget=7))


def lines(app: SyncscopeApp) -> list[str]:
    """What stands on the screen."""
    width, height = app.size
    strips = app.screen._compositor.render_strips()
    return [strip.text[:width] for strip in strips[:height]]


def said(app: SyncscopeApp) -> str:
    return "\n".join(lines(app))


def current(app: SyncscopeApp) -> str:
    scenario = app.screen.query_one(ScenarioList).current
    return scenario.id if scenario else ""


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_first_screen(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = said(app)
        assert current(app) == "race_condition"
        for words in ("Shared data and locks", "Tasks of one event loop", "3 scenarios"):
            assert words in shown
        assert "happens by itself" in shown
        assert "read, compute, write without a lock" in " ".join(shown.split())
        assert "expected: lost update" in shown


@pytest.mark.parametrize("width", [SMALL[0], LARGE[0]])
async def test_titles_of_the_real_scenarios_are_whole(width: int) -> None:
    app = SyncscopeApp()
    async with app.run_test(size=(width, 80)) as pilot:  # high enough for all of them
        for language in i18n.LANGUAGES:
            app.use_language(language)
            await pilot.pause()
            shown = said(app)
            for scenario in load_catalogue().scenarios:
                assert scenario.title[language] in shown


async def test_search_and_nothing_found(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"cancel")
        assert current(app) == "timeout_and_cancel"
        assert "Race condition" not in said(app)
        await press(pilot, *"zz")
        assert current(app) == ""
        assert "Nothing matches “cancelzz”" in " ".join(said(app).split())
        await press(pilot, "f5")  # nothing to run
        assert isinstance(app.screen, CatalogueScreen)
        await press(pilot, "escape")
        assert current(app) != ""
        assert "Race condition" in said(app)
        assert app.focused is app.screen.query_one(ScenarioList)


async def test_enter_in_the_search_leads_to_the_list(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"lock", "enter")
        assert app.focused is app.screen.query_one(ScenarioList)
        await press(pilot, "slash", "down")
        assert app.focused is app.screen.query_one(ScenarioList)


def test_search_finds_by_id_title_summary_finding_in_any_language(tmp_path: Path) -> None:
    race, lock, timeout = make_catalogue(tmp_path).scenarios
    for words in ("race_condition", "race cond", "竞态", "DISAPPEARS counter", "lost update", "natural"):
        assert matches(race, words), words
    assert not matches(timeout, "lost update")
    assert matches(lock, "")


async def test_run_what_was_chosen(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down", "right", "enter")
        asked = app.screen
        assert isinstance(asked, Asked)
        assert asked.target.label == "lock:too_wide"
        assert asked.target.args == ()
        assert asked.run_title == "Lock: only those who ask for it stop: the whole loop inside the lock"
        assert asked.run_options.budget == 7


async def test_enter_at_once(app: SyncscopeApp) -> None:
    """Before the details are there."""
    async with app.run_test(size=SMALL) as pilot:
        app.screen.query_one(ScenarioList).action_select()
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, Asked)
        assert app.screen.target.label == "race_condition:broken"


async def test_programs_by_digit_and_arrows(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "down")
        details = app.screen.query_one(ScenarioDetails)
        chosen = []
        for key in ("3", "9", "right", "left", "left"):
            await press(pilot, key)
            assert details.program is not None
            chosen.append(details.program.id)
        assert chosen == ["wrong_lock", "wrong_lock", "fixed", "wrong_lock", "too_wide"]
        await press(pilot, "up", "down")  # the choice is kept
        assert details.program is not None
        assert details.program.id == "too_wide"


async def test_settings_become_the_command_line(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        # threads (typed), pause (left), order (stepped), loud (stepped)
        await press(pilot, "tab", "5", "tab", "tab", "right", "tab", "space", "f5")
        assert isinstance(app.screen, Asked)
        assert app.screen.target.args == ("--threads=5", "--order=lifo", "--loud")
        app.pop_screen()
        await press(pilot, "f8", "f5")  # back to the defaults
        assert isinstance(app.screen, Asked)
        assert app.screen.target.args == ()


async def test_value_that_is_not_allowed_is_not_run(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "tab", "9", "9")
        assert "threads: a whole number from 1 to 16" in said(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, CatalogueScreen)
        assert isinstance(app.focused, Input)
        await press(pilot, "backspace", "enter")
        assert isinstance(app.screen, Asked)
        assert app.screen.target.args == ("--threads=9",)


async def test_settings_of_one_program_only(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        form = app.screen.query_one(ScenarioDetails).form
        assert [field.parameter.name for field in form.fields] == ["threads", "pause", "order", "loud"]
        await press(pilot, "right")
        assert [field.parameter.name for field in form.fields] == ["threads", "pause", "order"]
        await press(pilot, "end")
        assert form.fields == []
        assert "nothing to set" in said(app)


async def test_language(app: SyncscopeApp) -> None:
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "l")
        shown = said(app)
        for words in (
            "Python 并发示波器",
            "竞态条件",
            "共享数据与锁",
            "程序",
            "预期发现：更新丢失",
            "搜索",
            "3 个场景",
        ):
            assert words in shown
        assert "Race condition" not in shown
        assert "同一个旧值" in shown  # the lesson, too
        await press(pilot, "l")
        assert "Race condition" in said(app)
        assert "竞态条件" not in said(app)


async def test_themes(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        grounds = []
        for _ in range(4):
            grounds.append((current_look().palette, app.screen.styles.background.hex))
            await press(pilot, "t")
        assert [palette for palette, _ in grounds] == ["dark", "light", "projector", "dark"]
        assert len({ground for _, ground in grounds}) == 3
        assert grounds[0] == grounds[3]


@pytest.mark.parametrize(
    "look", [Look("ascii", "none"), Look("plain", "16"), Look("unicode", "256", "light")]
)
async def test_every_look(app: SyncscopeApp, look: Look, tmp_path: Path) -> None:
    set_look(look)
    app = SyncscopeApp(catalogue=make_catalogue(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "question_mark")
        assert "Keys here" in said(app)
        await press(pilot, "escape", "tab")
        shown = said(app).replace("中文", "")
        assert "Race condition" in shown
        assert look.symbols != "ascii" or shown.isascii()


async def test_the_chosen_row_is_seen_without_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)  # a terminal that has none
    set_look(Look(colours="none"))
    app = SyncscopeApp(catalogue=make_catalogue(tmp_path))
    assert "NO_COLOR" not in os.environ
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        rows = app.screen._compositor.render_strips()
        underlined = [
            strip.text
            for strip in rows[1:]
            if next((part.style for part in strip if part.text.strip()), Style.null()).underline
        ]
        assert [text.split()[:2] for text in underlined] == [["Race", "condition"]]
        assert not any(
            part.style and part.style.color and part.style.color.number for s in rows for part in s
        )


async def test_broken_scenario_is_told_and_does_not_end_it(tmp_path: Path) -> None:
    source = catalogue_module._own_folder()
    for name in ("groups.toml", "glossary.toml", "race_condition"):
        (tmp_path / name).symlink_to(source / name)
    (tmp_path / "lost").mkdir()
    (tmp_path / "lost" / "scenario.toml").write_text("id = ", encoding="utf-8")
    app = SyncscopeApp(catalogue=load_catalogue(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = " ".join(said(app).split())
        assert "1 scenario cannot be shown" in shown
        assert "lost/scenario.toml" in shown
        assert current(app) == "race_condition"
        await press(pilot, "l", "t", "l")
        assert "1 scenario cannot be shown" in " ".join(said(app).split())


async def test_no_scenario_at_all(tmp_path: Path) -> None:
    app = SyncscopeApp(catalogue=load_catalogue(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "enter", "right", "slash", "a", "escape", "f2", "l")
        assert isinstance(app.screen, CatalogueScreen)
        assert str(tmp_path)[:10] in said(app)


async def test_lesson_on_its_own_screen_and_beside(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        assert "the same old value" not in said(app)
        await press(pilot, "f2")
        assert isinstance(app.screen, LessonScreen)
        assert "Two threads read the same old value" in said(app)
        await press(pilot, "escape")
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert "Two threads read the same" in said(app)


async def test_lesson_that_cannot_be_read(app: SyncscopeApp, tmp_path: Path) -> None:
    (tmp_path / "race_condition" / "lesson.en.md").write_bytes(b"\xff\xfe")
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f2")
        assert "The lesson cannot be read" in said(app)


async def test_help_names_the_keys_and_the_signs(app: SyncscopeApp) -> None:
    async with app.run_test(size=(110, 50)) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        shown = said(app)
        for words in (
            "program by number",
            "1-9",
            "search",
            "blocked: waits for a lock",
            "stale write",
            "holds a lock",
        ):
            assert words in shown
        await press(pilot, "escape")
        assert isinstance(app.screen, CatalogueScreen)


async def test_help_closes(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        for key in ("question_mark", "escape"):
            await press(pilot, "f1", "end", key)
            assert isinstance(app.screen, CatalogueScreen)


async def test_too_small_and_back(app: SyncscopeApp) -> None:
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, TooSmallScreen)
        assert "60 × 16" in said(app)
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert isinstance(app.screen, CatalogueScreen)
        assert "Timeout and cancellation" in said(app)
        assert "Race condition" in said(app)


async def test_resize_event_that_comes_late(app: SyncscopeApp) -> None:
    """It must not bring its size back: two sizes would chase each other for ever."""
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f1")
        for screen in app.screen_stack:
            screen.post_message(events.Resize(Size(40, 10), Size(40, 10)))
        await pilot.pause()
        assert {screen.size for screen in app.screen_stack} == {Size(*SMALL)}


async def test_too_small_while_help_is_open(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f1")
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert isinstance(app.screen, TooSmallScreen)
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_key_bar_says_what_works_while_typing(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        assert "/ search" in lines(app)[-1]
        await press(pilot, "tab")
        assert "F3 search" in lines(app)[-1]
        await pilot.click(offset=(lines(app)[-1].index("help"), SMALL[1] - 1))
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_commands_by_name(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL):
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {"run", "search", "lesson", "Theme: light", "语言：中文", "quit"} <= titles


async def test_static_texts_are_not_markup(app: SyncscopeApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "slash", *"[/b]")
        assert "[/b]" in str(app.screen.query_one("#nothing", Static).render())
