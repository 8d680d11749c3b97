"""The application: themes, language, commands, and which screen is first.  Everything else is in the screens."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from . import i18n, palettes
from .i18n import t
from .look import Look, current_look, set_look
from .screens.too_small import TooSmallScreen, is_too_small
from .themes import palette_of, theme_name, themes
from .widgets.key_names import description, key_name
from .widgets.scroll_bar import PlainScrollBarRender

if TYPE_CHECKING:
    from syncscope_engine.launch import Options

    from .catalogue import Catalogue

AnyScreen = Screen[object]
T = TypeVar("T")


class SyncscopeApp(App[None]):
    TITLE = "Syncscope"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    # Textual's own ctrl+q stays as well; ctrl+c must not end a demonstration by accident
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.help", "keys.help"),
        Binding("q,f10", "app.quit", "keys.quit"),
        Binding("t", "app.next_theme", "keys.theme"),
        Binding("l", "app.next_language", "keys.language"),
        Binding("ctrl+p", "app.command_palette", "keys.palette", show=False),
    ]
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        first: Callable[[], AnyScreen] | None = None,
        *,
        catalogue: "Catalogue | None" = None,
        options: "Options | None" = None,
        fps: int = 10,
    ) -> None:
        """`first` makes the screen that opens above the catalogue; `options` are those of every program run."""
        look = current_look()
        # with native colours Textual takes every colour away for NO_COLOR, else it would leave shades of grey
        with _no_color(look.colours == "none"):
            super().__init__(ansi_color=look.colours == "none")
        self.fps = fps
        self._catalogue = catalogue
        self._options = options
        self._first = first
        self._too_small: TooSmallScreen | None = None
        for name in list(self.available_themes):
            self.unregister_theme(name)
        for theme in themes(look):
            self.register_theme(theme)
        self.theme = theme_name(look.palette)
        self.set_class(look.colours == "16", "-few-colours")
        if look.symbols != "unicode":
            self.add_class("-plain-symbols")
            ScrollBar.renderer = PlainScrollBarRender

    def get_default_screen(self) -> AnyScreen:
        from .screens.catalogue import CatalogueScreen

        return cast(
            "AnyScreen", CatalogueScreen(self._catalogue, options=self._options, in_front=self._first is None)
        )

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # leave by the front door, so that the terminal and the program's processes are put in order
            loop.add_signal_handler(number, self.exit)
        if self._first is not None:
            self.push_screen(self._first())

    def on_resize(self, event: events.Resize) -> None:
        if not is_too_small(event.size.width, event.size.height):
            if self._too_small is not None and self.screen is self._too_small:
                self._too_small.dismiss()
                self._too_small = None
        elif self._too_small is None:
            self._too_small = TooSmallScreen()
            self.push_screen(self._too_small)

    def action_help(self) -> None:
        from .screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_next_theme(self) -> None:
        self.use_palette(_after(palette_of(self.theme), palettes.PALETTES))

    def use_palette(self, palette: palettes.PaletteName) -> None:
        self.theme = theme_name(palette)

    def watch_theme(self, theme: str) -> None:
        self.use_look(replace(current_look(), palette=palette_of(theme)))

    def use_look(self, look: Look) -> None:
        set_look(look)
        self._tell_widgets("relook")

    def action_next_language(self) -> None:
        self.use_language(_after(i18n.language(), i18n.LANGUAGES))

    def use_language(self, language: i18n.Language) -> None:
        i18n.set_language(language)
        self._tell_widgets("retranslate")

    def _tell_widgets(self, method: str) -> None:
        """Calls `retranslate` or `relook` of every screen and widget that has one, and draws all of them anew."""
        for screen in self.screen_stack if self._running else ():
            for node in screen.walk_children(with_self=True):
                told = getattr(node, method, None)
                if callable(told):
                    told()
                if hasattr(node, "refresh"):
                    node.refresh()

    def action_command_palette(self) -> None:
        if not CommandPalette.is_open(cast("App[object]", self)):
            palette = CommandPalette(placeholder=t("commands.placeholder"), id="--command-palette")
            self.push_screen(palette)

    def get_system_commands(self, screen: AnyScreen) -> Iterable[SystemCommand]:
        """Whatever a key does here, and the themes and languages by name."""
        said: set[str] = set()
        look = current_look()
        for node, binding, enabled, _ in screen.active_bindings.values():
            if not enabled or "." not in binding.description or not i18n.has(binding.description):
                continue
            title = description(binding.description)
            if title in said or binding.action == "app.command_palette":
                continue
            said.add(title)
            yield SystemCommand(
                title, t("commands.key", key=key_name(binding.key, look)), self._runner(binding.action, node)
            )
        for palette in palettes.PALETTES:
            yield SystemCommand(
                t(f"commands.theme_{palette}"),
                t("commands.theme"),
                lambda palette=palette: self.use_palette(palette),
            )
        for language in i18n.LANGUAGES:
            yield SystemCommand(
                t(f"commands.language_{language}"),
                t("commands.language"),
                lambda language=language: self.use_language(language),
            )

    def _runner(self, action: str, node: object) -> Callable[[], object]:
        async def run() -> None:
            await self.run_action(action, default_namespace=node)  # type: ignore[arg-type]

        return run


@contextmanager
def _no_color(wanted: bool) -> Iterator[None]:
    """NO_COLOR, for as long as Textual looks for it: also a terminal without colours needs it, no program does."""
    if not wanted or "NO_COLOR" in os.environ:
        yield
        return
    os.environ["NO_COLOR"] = "1"
    try:
        yield
    finally:
        del os.environ["NO_COLOR"]


def _after(value: T, values: tuple[T, ...]) -> T:
    return values[(values.index(value) + 1) % len(values)]
