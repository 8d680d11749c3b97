"""Why a task stands still: the causes, one behind the other, to the root.  A digit goes to that task's lane."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from syncscope_engine.model.why import Cause, why

from ..i18n import language, t
from ..look import Look, current_look
from ..renderables.amounts import clock, duration
from ..renderables.clean import clean
from ..renderables.names import task_label
from ..snapshot import Snapshot
from ..widgets.key_bar import KeyBar
from .settled import SettledModal


def causes_text(causes: list[Cause], snapshot: Snapshot, look: Look) -> Text:
    """A line or two for each cause."""
    tables, state = snapshot.tables, snapshot.state
    text = Text(no_wrap=False, overflow="fold")
    if not causes:
        return text.append(t("run.why.nothing"), look.style("muted"))
    asked = clean(task_label(causes[0].task, tables))
    at = clock(snapshot.now_ns - snapshot.start_ns)
    text.append(t("run.why.title", task=asked, time=at) + "\n\n", look.style("accent"))
    for number, cause in enumerate(causes, 1):
        if cause.closes:
            text.append(
                f"   {t('run.why.closes', task=clean(task_label(cause.task, tables)))}", look.style("error")
            )
            break
        paint = look.for_run(cause.run)
        text.append(f" {number} ", look.style("muted"))
        text.append(f"{paint.letter} ", paint.style)
        text.append(clean(task_label(cause.task, tables)) + "  ", look.style("text"))
        if cause.wait is not None:
            text.append(cause.wait.words(language(), tables), paint.style)
            owned = state.resources.get(cause.wait.obj)
            if owned is not None and owned.owner and owned.owner_since_ns:
                held = duration(snapshot.now_ns - owned.owner_since_ns, look)
                holder = clean(task_label(owned.owner, tables))
                text.append("\n     " + t("run.why.held", task=holder, time=held), look.style("muted"))
        else:
            lasts = duration(snapshot.now_ns - cause.since_ns, look)
            text.append(f"{t(f'states.{cause.run.value}')} · {lasts}", paint.style)
        place = tables.places.get(cause.place)
        if place is not None and place.line:
            text.append(
                f"\n     {clean(place.function)} · {t('run.line', n=place.line)}", look.style("muted")
            )
        text.append("\n")
    last = causes[-1]
    if not last.closes and last.wait is None and len(causes) > 1:
        text.append("\n " + t("run.why.root", task=clean(task_label(last.task, tables))), look.style("text"))
    return text


class WhyScreen(SettledModal[int | None]):
    """Its result: the task whose lane is wanted."""

    DEFAULT_CSS = """
    WhyScreen { align: center middle; background: $background 60%; }
    WhyScreen VerticalScroll {
        width: 90; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; background: $surface;
        scrollbar-size-vertical: 1;
    }
    WhyScreen Static { width: 1fr; height: auto; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,w,f3,enter", "dismiss(None)", "keys.close"),
        *(Binding(str(n), f"go({n})", "run.why.go", show=n == 1) for n in range(1, 10)),
        Binding("up", "scroll(-1)", "keys.scroll", show=False),
        Binding("down", "scroll(1)", "keys.scroll", show=False),
    ]

    def __init__(self, snapshot: Snapshot, task: int) -> None:
        super().__init__()
        self._causes = why(task, snapshot.state, snapshot.tables, snapshot.now_ns)
        self._text = causes_text(self._causes, snapshot, current_look())

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Static(self._text)
        yield KeyBar()

    def action_go(self, number: int) -> None:
        if number <= len(self._causes):
            self.dismiss(self._causes[number - 1].task)

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
