"""Regenerates the pictures of the README's tour: `make pictures`.

Each picture is the screen of the real application with the real program of a scenario running in it.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from textual.screen import Screen

from syncscope.app import SyncscopeApp
from syncscope.catalogue import command_line, load_catalogue
from syncscope.screens.beside import BesideScreen
from syncscope.screens.run import RunScreen
from syncscope.snapshot import Snapshot
from syncscope_engine.session import Options, Target

HERE = Path(__file__).parent / "pictures"
SIZE = (120, 40)
TOUR = {
    "race_condition:broken": 6.0,
    "lock:fixed": 4.0,
    "producer_consumer:fixed": 4.0,
    "semaphore:fixed": 4.0,
    "timeout_and_cancel:fixed": 4.0,
    "threads_and_processes:processes": 4.0,
}
BIG, MANY = "crawler:unlimited", 90
"""More tasks than there is room for: they are folded."""
PAST = "race_condition:broken"
COMPARED = ("producer_consumer:broken_if", "producer_consumer:fixed")
FONTS = "DejaVu Sans Mono, Menlo, Consolas, monospace"


def self_contained(svg: str) -> str:
    """Without fonts from the network."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    return re.sub(r"font-family:\s*[^;]+;", f"font-family: {FONTS};", svg)


async def picture(name: str, seconds: float, size: tuple[int, int], *keys: str, n_tasks: int = 0) -> str:
    scenario, program = load_catalogue().find(name)
    target = Target(name, program.path, None, command_line(scenario, program, {}))
    title = f"{scenario.title['en']} · {program.title['en']}"
    screen = RunScreen(target, Options(), title, scenario, program)
    return await taken(screen, f"syncscope run {name}", seconds, size, *keys, n_tasks=n_tasks)


async def comparison(size: tuple[int, int]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name.partition(':')[2]}.scope" for name in COMPARED]
        for name, file in zip(COMPARED, files, strict=True):
            command = [sys.executable, "-m", "syncscope", "run", "--headless", "--record", str(file), name]
            await (await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)).wait()
        title = f"syncscope diff {files[0].name} {files[1].name}"
        return await taken(BesideScreen(*files), title, 5.0, size)


async def taken(
    screen: Screen[None], title: str, seconds: float, size: tuple[int, int], *keys: str, n_tasks: int = 0
) -> str:
    """After so many seconds, or when there are so many tasks, and after the keys."""
    app = SyncscopeApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen)
        await asyncio.sleep(seconds)
        while n_tasks and isinstance(screen, RunScreen) and not _has(screen.snapshot, n_tasks):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        for key in keys:
            await pilot.press(key)
            await asyncio.sleep(1.0)
        await pilot.pause()
        svg = app.export_screenshot(title=title)
        app.exit()
    return self_contained(svg)


def _has(snapshot: Snapshot | None, n_tasks: int) -> bool:
    return snapshot is not None and len(snapshot.tables.tasks) >= n_tasks


async def draw(name: str) -> str:
    match name:
        case "past":
            return await picture(PAST, 6.0, SIZE, "e")
        case "diff":
            return await comparison(SIZE)
        case "big":
            return await picture(BIG, 0.0, SIZE, n_tasks=MANY)
    return await picture(name, TOUR[name], SIZE)


async def main(names: list[str]) -> None:
    HERE.mkdir(exist_ok=True)
    for name in names or [*TOUR, "past", "diff", "big"]:
        svg = await draw(name)
        (HERE / f"{name.split(':')[0]}.svg").write_text(svg, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
