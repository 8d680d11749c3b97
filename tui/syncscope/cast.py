"""The screen replaying a recording, as a film for asciinema: version 2 of its format, `.cast`.

The app runs as it does on a terminal, with the same bytes written, but time is that of the film: the playhead
moves by one frame, what the app writes until it has painted that is the frame, and then the next one is made,
however long that took.  So a film runs smoothly that was made on a busy machine, and the same recording gives
the same pictures.

Format: a line of JSON that says what it is, then a line `[seconds, "o", text]` for each frame with a change.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO, cast

from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from syncscope_engine.launch import Options, Target
from syncscope_engine.recording import RecordingError

from . import pace
from .app import AnyScreen, SyncscopeApp
from .look import Look, set_look
from .playhead import SPEEDS, Playhead, Position
from .screens.run import RunScreen

FPS = 10
LINGER_S = 2.0
"""The last picture stands so long."""
_PATIENCE_S = 60.0
_LOOK_S = 0.002
_QUIET_S = 0.1
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_BEGIN = "\x1b[?25l\x1b[2J\x1b[H"

Progress = Callable[[float], None]


class _Camera(HeadlessDriver):
    """A terminal that keeps what is written to it.  Nobody types."""

    film: list[str]

    @property
    def is_headless(self) -> bool:
        return False  # or else the app would not write

    def write(self, data: str) -> None:
        self.film.append(data)

    def flush(self) -> None:
        """Nothing is held back."""


def write(
    path: Path,
    target: TextIO,
    size: tuple[int, int] = (80, 24),
    speed: float = 1,
    look: Look = Look(),  # noqa: B008
    on_progress: Progress | None = None,
) -> None:
    """Films the recording at `path` from its beginning to its end.

    `speed`: one of `SPEEDS`, seconds of the tape in a second of the film.  Raises RecordingError, OSError.
    """
    header = {
        "version": 2,
        "width": size[0],
        "height": size[1],
        "title": f"Syncscope: {path.name}",
        "env": {"TERM": _TERMINAL["TERM"]},
    }
    target.write(json.dumps(header) + "\n")
    for t_s, text in _filmed(path, size, speed, look, on_progress):
        target.write(json.dumps([round(t_s, 6), "o", text], ensure_ascii=False) + "\n")


def _filmed(
    path: Path, size: tuple[int, int], speed: float, look: Look, on_progress: Progress | None
) -> list[tuple[float, str]]:
    set_look(look)
    written: list[str] = [_BEGIN]
    frames: list[tuple[float, str]] = []
    screen = RunScreen(Target(path.name, path), Options(), path.name, None, None, path)
    with _environment(_TERMINAL):
        # as many pictures as it can make: none is waited for longer than it takes
        app = SyncscopeApp(lambda: cast("AnyScreen", screen), fps=1000)
    app.driver_class = type("Camera", (_Camera,), {"film": written})
    failed: list[BaseException] = []

    async def direct(pilot: Pilot[Any]) -> None:
        try:
            await _film(screen, written, frames, speed, on_progress)
        except Exception as error:
            failed.append(error)
        finally:
            app.exit()

    clock = pace.clock
    try:
        app.run(size=size, auto_pilot=direct)
    finally:
        pace.clock = clock
    if failed:
        raise failed[0]
    return frames


async def _film(
    screen: RunScreen,
    written: list[str],
    frames: list[tuple[float, str]],
    speed: float,
    on_progress: Progress | None,
) -> None:
    while screen.snapshot is None and not screen.problem:  # noqa: ASYNC110 (a thread judges all of it first)
        await asyncio.sleep(_LOOK_S)
    feed = screen.feed
    if feed is None:
        raise RecordingError(screen.problem)
    film_s = 0.0
    pace.clock = lambda: film_s
    feed.go_by(pace.clock)
    feed.look(partial(_start, speed=speed))
    await _until(screen, lambda: _position(screen).playing)
    await _settled(screen, written)
    while True:
        await _painted(screen)
        text = "".join(written)
        written.clear()
        if text:
            frames.append((film_s, text))
        before = _position(screen)
        if not before.playing:
            break
        _tell(screen, on_progress)
        film_s += 1 / FPS
        await _until(screen, partial(_has_moved, screen, before.t_ns))
    frames.append((film_s + LINGER_S, ""))


def _start(playhead: Playhead, speed: float) -> None:
    playhead.seek(0)
    playhead.faster(SPEEDS.index(speed) - SPEEDS.index(playhead.position.speed))
    playhead.play()


def _position(screen: RunScreen) -> Position:
    assert screen.snapshot is not None
    return screen.snapshot.position


def _has_moved(screen: RunScreen, before_ns: int) -> bool:
    now = _position(screen)
    return now.t_ns > before_ns or not now.playing


def _tell(screen: RunScreen, on_progress: Progress | None) -> None:
    snapshot = screen.snapshot
    if on_progress is not None and snapshot is not None:
        on_progress((snapshot.now_ns - snapshot.start_ns) / max(snapshot.end_ns - snapshot.start_ns, 1))


async def _painted(screen: RunScreen) -> None:
    painted = asyncio.Event()
    screen.call_after_refresh(painted.set)
    await _until(screen, painted.is_set)


async def _settled(screen: RunScreen, written: list[str]) -> None:
    """The first picture comes in parts: the layout has to be found first."""
    n = -1
    while n != len(written):
        n = len(written)
        await _painted(screen)
        await asyncio.sleep(_QUIET_S)


async def _until(screen: RunScreen, what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not what():
        if screen.problem or time.monotonic() > deadline:
            raise RecordingError(screen.problem or "The screen does not move.")
        await asyncio.sleep(_LOOK_S)  # the feed's thread tells the screen, not us


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """What the app takes its terminal to be."""
    before = {name: os.environ.get(name) for name in (*values, "NO_COLOR")}
    os.environ.update(values)
    os.environ.pop("NO_COLOR", None)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
