"""Regenerates the pictures of the README's tour: `make pictures`.

Each picture is the screen of the real application with the real program of a scenario running in it.
"""

import asyncio
import re
import sys
from pathlib import Path

from syncscope.app import SyncscopeApp
from syncscope.catalogue import command_line, load_catalogue
from syncscope.screens.run import RunScreen
from syncscope_engine.session import Options, Target

HERE = Path(__file__).parent / "pictures"
TOUR = {
    "race_condition:broken": 6.0,
    "lock:fixed": 4.0,
    "producer_consumer:fixed": 4.0,
    "semaphore:fixed": 4.0,
    "timeout_and_cancel:fixed": 4.0,
    "threads_and_processes:processes": 4.0,
}
FONTS = "DejaVu Sans Mono, Menlo, Consolas, monospace"


def self_contained(svg: str) -> str:
    """Without fonts from the network."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    return re.sub(r"font-family:\s*[^;]+;", f"font-family: {FONTS};", svg)


async def picture(name: str, seconds: float, size: tuple[int, int]) -> str:
    scenario, program = load_catalogue().find(name)
    target = Target(name, program.path, None, command_line(scenario, program, {}))
    app = SyncscopeApp()
    async with app.run_test(size=size) as pilot:
        title = f"{scenario.title['en']} · {program.title['en']}"
        await app.push_screen(RunScreen(target, Options(), title, scenario, program))
        await asyncio.sleep(seconds)
        await pilot.pause()
        svg = app.export_screenshot(title=f"syncscope run {name}")
        app.exit()
    return self_contained(svg)


async def main(names: list[str]) -> None:
    HERE.mkdir(exist_ok=True)
    for name in names or TOUR:
        svg = await picture(name, TOUR[name], (120, 40))
        (HERE / f"{name.split(':')[0]}.svg").write_text(svg, encoding="utf-8")
        print(name)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
