"""The load of every core, now and just before, and which of our threads ran where; all of it sampled."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from syncscope_engine.recording import Sample
from syncscope_engine.tables import Tables

from ..i18n import t
from ..look import Look
from .amounts import bar, percent
from .cells import Part, cut, strip, wrap

RECENT = 30  # samples over which shares of the GIL are told: six seconds at five a second
VISIBLE = 0.005  # a thread with less than this share of a core is not named


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
        if not self.samples:
            return 1 + len(self._notes())
        return len(self.samples[-1].cores) + 2 + len(self._notes())

    def row(self, y: int) -> Strip:
        if not self.samples:
            if y == 0:
                return strip([(" " + t("run.cores.none"), self.look.style("muted"))], self.width)
            return strip([(self._notes()[y - 1], self.look.style("muted"))], self.width)
        n = len(self.samples[-1].cores)
        if y < n:
            return self._core(y)
        if y == n:
            return self._ready()
        if y == n + 1:
            return self._gil()
        return strip([(self._notes()[y - n - 2], self.look.style("muted"))], self.width)

    def _notes(self) -> list[str]:
        return [f" {line}" for note in self.missing for line in wrap(note, self.width - 2)]

    def _core(self, core: int) -> Strip:
        look, latest = self.look, self.samples[-1]
        load = latest.cores[core]
        meter = 10 if self.width < 70 else 16
        history = max(8, min(self.width // 4, 40))
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

    def _ready(self) -> Strip:
        """Threads that could run but wait in the queue of the operating system."""
        look = self.look
        ready = [s for s in self.samples[-1].threads if s.wait_share >= 0.05]
        ready.sort(key=lambda s: -s.wait_share)
        if not ready:
            return strip([(" " + t("run.cores.no_queue"), look.style("muted"))], self.width)
        names = ", ".join(f"{self._name(s.task)} {round(s.wait_share * 100)} %" for s in ready[:8])
        return strip(
            [
                (" " + t("run.cores.queue"), look.style("muted")),
                (" " + names, look.style("ready")),
            ],
            self.width,
        )

    def _gil(self) -> Strip:
        look = self.look
        recent = self.samples[-RECENT:]
        holders: dict[int, int] = {}
        known = 0
        for sample in recent:
            gil = [s.task for s in sample.threads if s.gil == "holds"]
            known += bool(gil) or any(s.gil == "waits" for s in sample.threads)
            for task in gil:
                holders[task] = holders.get(task, 0) + 1
        label: Part = (" " + t("run.cores.gil"), look.style("muted"))
        if not known:
            return strip([label, (" " + t("run.cores.gil_unseen"), look.style("muted"))], self.width)
        latest = self.samples[-1].threads
        parts = [label]
        holding = [s.task for s in latest if s.gil == "holds"]
        parts += [(f" {look.symbol('owner')} {self._name(task)}", look.style("owner")) for task in holding]
        waiting = [self._name(s.task) for s in latest if s.gil == "waits"]
        if waiting:
            parts.append((f" {look.symbol('waiter')} {', '.join(waiting[:4])}", look.style("waiter")))
            if len(waiting) > 4:
                parts.append((f" +{len(waiting) - 4}", look.style("waiter")))
        shares = sorted(holders.items(), key=lambda item: -item[1])[:6]
        if shares:
            told = ", ".join(f"{self._name(task)} {percent(n / len(recent))}" for task, n in shares)
            parts.append((f"  {t('run.cores.gil_recent', told=told)}", look.style("muted")))
        return strip(parts, self.width)

    def _name(self, task: int) -> str:
        return self.tables.task_name(task)
