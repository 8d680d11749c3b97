"""A compositor that writes the columns that changed, and not the whole line up to them.

Textual crops a partial update to the smallest rectangle around all of its regions, and then writes every line
from the left edge of that rectangle.  With a clock in one corner and a pen in the middle of the screen that is
most of the screen in every frame: 50 KB a second instead of 5 at 80×24.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


class NarrowUpdate(ChopsUpdate):
    def render_segments(self, console: Console) -> str:
        """The changed spans as data for the terminal."""
        sequences: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                start, stop = max(x, x1), min(end, x2)
                if (start, stop) != (x, end):
                    strip = strip.crop(start - x, stop - x)
                sequences += Control.move_to(start, y).segment.text, strip.render(console)
        return "".join(sequences)


class NarrowCompositor(Compositor):
    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return NarrowUpdate(update.chops, update.spans, update.chop_ends) if update is not None else None
