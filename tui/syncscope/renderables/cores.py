"""The load of every core, now and just before, and which of our threads ran where; all of it sampled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.recording import Sample
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from .amounts import bar, percent
from .cells import Part, cut, strip, wrap
from .names import task_label

RECENT = 30  # samples over which shares of the GIL are told: six seconds at five a second
VISIBLE = 0.005  # a thread with less than this share of a core is not named
WAITING = 0.05  # nor is one with less than this share in the queue


@dataclass(frozen=True)
class CoresView:
    samples: Sequence[Sample]  # oldest first
    tables: Tables
    look: Look
    width: int
    task: int = 0  # focused
    missing: tuple[str, ...] = ()  # what this machine does not tell, in sentences
    heading: Strip | None = None

    @property
    def n_rows(self) -> int:
        return len(self._lines)

    def row(self, y: int) -> Strip:
        line = self._lines[y]
        return self._core(line) if isinstance(line, int) else strip(line, self.width)

    @cached_property
    def _lines(self) -> list[int | list[Part]]:
        """What the rows are: a core by its number, or a line that is made already."""
        muted = self.look.style("muted")
        notes: list[list[Part]] = [[(note, muted)] for note in self._notes()]
        if not self.samples:
            return [[(" " + t("run.cores.none"), muted)], *notes]
        return [*range(len(self.samples[-1].cores)), self._ready(), *self._gil(), *notes]

    def _notes(self) -> list[str]:
        return [f" {line}" for note in self.missing for line in wrap(note, self.width - 2)]

    def _core(self, core: int) -> Strip:
        look, latest = self.look, self.samples[-1]
        load = latest.cores[core]
        meter = 8 if self.width < 60 else 10 if self.width < 80 else 16
        history = max(8, min(self.width // 5, 40))
        past = [s.cores[core] for s in self.samples[-history:] if core < len(s.cores)]
        line = "".join(look.level(share) for share in past).rjust(history)
        digits = len(str(len(latest.cores) - 1))
        style = look.style("running" if load < 0.9 else "ready")
        parts: list[Part] = [
            (f" {t('run.cores.core')} {core:>{digits}} ", look.style("text")),
            (bar(load, meter, look), style),
            (f" {round(load * 100):>3} % ", look.style("text") + Style(bold=True)),
            (line + " ", look.style("accent") + Style(bold=False)),
        ]
        room = self.width - sum(cell_len(text) for text, _ in parts) - 1
        return strip([*parts, *self._threads(core, room)], self.width)

    def _threads(self, core: int, room: int) -> list[Part]:
        """Our threads that last ran here, the busiest first."""
        threads = [s for s in self.samples[-1].threads if s.core == core and s.run_share >= VISIBLE]
        threads.sort(key=lambda s: -s.run_share)
        parts: list[Part] = []
        for i, thread in enumerate(threads):
            text = f"{' ' if i else ''}{self._name(thread.task)} {round(thread.run_share * 100)} %"
            more = f" +{len(threads) - i}"
            if cell_len(text) > room - (0 if i == len(threads) - 1 else len(more)):
                shown = more if i else cut(text, max(room, 0), self.look.symbol("ellipsis"))
                parts.append((shown, self.look.style("muted")))
                break
            focused = thread.task == self.task
            parts.append((text, self.look.style("text") + Style(bold=focused, underline=focused)))
            room -= cell_len(text)
        return parts

    def _ready(self) -> list[Part]:
        """Threads that could run but wait in the queue of the operating system."""
        look = self.look
        ready = [s for s in self.samples[-1].threads if s.wait_share >= WAITING]
        ready.sort(key=lambda s: -s.wait_share)
        if not ready:
            return [(" " + t("run.cores.no_queue"), look.style("muted"))]
        names = ", ".join(f"{self._name(s.task)} {round(s.wait_share * 100)} %" for s in ready[:8])
        return [(" " + t("run.cores.queue"), look.style("muted")), (" " + names, look.style("ready"))]

    def _gil(self) -> list[list[Part]]:
        """Who has the GIL, who wants it, and the shares of the last seconds."""
        look, muted = self.look, self.look.style("muted")
        recent = self.samples[-RECENT:]
        held: dict[int, int] = {}
        for sample in recent:
            for thread in sample.threads:
                if thread.gil == "holds":
                    held[thread.task] = held.get(thread.task, 0) + 1
        latest = self.samples[-1].threads
        holding = [self._name(s.task) for s in latest if s.gil == "holds"]
        waiting = [self._name(s.task) for s in latest if s.gil == "waits"]
        line: list[Part] = [(" " + t("run.cores.gil"), muted)]
        line += [(f" {look.symbol('owner')} {name}", look.style("owner")) for name in holding]
        if waiting:
            more = f" +{len(waiting) - 4}" if len(waiting) > 4 else ""
            line.append((f" {look.symbol('waiter')} {', '.join(waiting[:4])}{more}", look.style("waiter")))
        if not holding and not waiting:
            line.append((" " + t("run.cores.gil_free" if held else "run.cores.gil_unseen"), muted))
        if not held:
            return [line]
        shares = sorted(held.items(), key=lambda item: -item[1])[:6]
        told = ", ".join(f"{self._name(task)} {percent(n / len(recent))}" for task, n in shares)
        return [line, [(f" {t('run.cores.gil_recent', told=told)}", muted)]]

    def _name(self, task: int) -> str:
        return task_label(task, self.tables)
