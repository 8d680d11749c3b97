"""Opens the screen: the catalogue, or a program at once.  Imports little before the first picture is there."""

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from syncscope_engine.interpreter import UsageError, check_module, find_interpreter
from syncscope_engine.launch import Options

from . import i18n
from .closed_pipe import refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.screen import Screen

    from .targets import Chosen


def set_language(lang: str | None) -> i18n.Language:
    """The language that was asked for, or else the locale's."""
    language = i18n.language_of(os.environ) if lang is None else i18n.LANGUAGES[i18n.LANGUAGES.index(lang)]
    i18n.set_language(language)
    return language


def open_app(
    chosen: "Chosen | None" = None,
    options: Options | None = None,
    *,
    lang: str | None = None,
    ascii_only: bool = False,
    fps: int = 10,
    recorded: "Path | None" = None,
) -> NoReturn:
    """`recorded`: a file with a run of `chosen`, shown instead of a new one."""
    _need_terminal("run --headless TARGET")
    set_language(lang)
    options = options or Options()
    try:
        interpreter = find_interpreter(options.python)
        if chosen is not None and chosen.target.module is not None:
            check_module(interpreter, chosen.target.module, chosen.target.cwd)
    except UsageError as error:
        refuse(str(error))

    def first(chosen: "Chosen") -> "Screen[object]":
        from .screens.run import RunScreen

        return RunScreen(  # type: ignore[return-value]
            chosen.target, options, chosen.title, chosen.scenario, chosen.program, recorded
        )

    _run((lambda: first(chosen)) if chosen is not None else None, options, ascii_only, fps)


def open_beside(
    left: "Path", right: "Path", *, lang: str | None, ascii_only: bool, fps: int = 10
) -> NoReturn:
    """Two recordings on one screen."""
    _need_terminal("diff --headless A B")
    set_language(lang)

    def first() -> "Screen[object]":
        from .screens.beside import BesideScreen

        return BesideScreen(left, right)  # type: ignore[return-value]

    _run(first, Options(), ascii_only, fps)


def _need_terminal(instead: str) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        refuse(f"the screen needs a terminal; `syncscope {instead}` does without")


def _run(
    first: "Callable[[], Screen[object]] | None", options: Options, ascii_only: bool, fps: int
) -> NoReturn:
    from .app import SyncscopeApp
    from .look import detect_look, set_look

    set_look(detect_look(os.environ, utf8=i18n.utf8(os.environ), ascii_only=ascii_only))
    app = SyncscopeApp(first, options=options, fps=fps)
    app.run()
    sys.exit(app.return_code or 0)
