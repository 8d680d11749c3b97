"""The events as sentences, newest last.  Made for the rows in view only: a tape has millions of events."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from syncscope_engine.events import Event
from syncscope_engine.recording import Recording

from ..i18n import t
from ..look import Look
from .cells import Part, strip, wrap

STAMP = 12
MOST_SKIPPED = 20_000  # events without a sentence that are passed over in one search

Say = Callable[[Event], str | None]


@dataclass(frozen=True)
class StoryWindow:
    """The sentences that end with event number `bottom`, as many as fit."""

    events: Recording
    bottom: int
    say: Say
    start_ns: int
    look: Look
    width: int
    height: int
    task: int = 0  # focused
    evidence: frozenset[int] = frozenset()  # event numbers to be pointed out

    def strips(self) -> list[Strip]:
        look = self.look
        blocks: list[list[Strip]] = []
        room = self.height
        n = self.bottom
        while room > 0 and (found := spoken_at_or_before(self.events, n, self.say)):
            event, sentence = found
            block = self._block(event, sentence)[-room:]
            blocks.append(block)
            room -= len(block)
            n = event.n - 1
        if not blocks:
            return [strip([(" " + t("run.story.none"), look.style("muted"))], self.width)]
        return [line for block in reversed(blocks) for line in block]

    def _block(self, event: Event, sentence: str) -> list[Strip]:
        look = self.look
        ours = self.task in (event.task, event.obj) and self.task
        style = look.style("text") + Style(bold=bool(ours))
        pointed = event.n in self.evidence
        behind = look.ground("selection") if pointed else None
        sign = look.symbol("here")
        stamp = f"{(event.t_ns - self.start_ns) / 1e9:>9.4f} s "
        lines = []
        for i, line in enumerate(wrap(sentence, max(10, self.width - STAMP - 2))):
            head: Part = (stamp if i == 0 else " " * STAMP, look.style("muted"))
            mark: Part = (sign, look.style("cursor")) if pointed and i == 0 else (" ", Style.null())
            lines.append(strip([mark, head, (line, style)], self.width, behind))
        return lines


def spoken_at_or_before(events: Recording, n: int, say: Say) -> tuple[Event, str] | None:
    """The newest event up to number `n` that has a sentence."""
    for i in range(min(n, len(events)), max(0, n - MOST_SKIPPED), -1):
        if sentence := say(events[i]):
            return events[i], sentence
    return None


def spoken_after(events: Recording, n: int, say: Say) -> int:
    """Number of the first event after `n` that has a sentence; 0 = none."""
    for i in range(n + 1, min(len(events), n + MOST_SKIPPED) + 1):
        if say(events[i]):
            return i
    return 0
