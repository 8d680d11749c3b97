"""Asks for the name of the file that the recording is saved in."""

import re
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from ..i18n import t
from ..widgets.key_bar import KeyBar
from .settled import SettledModal

ENDING = ".scope"


def free_name(label: str, folder: Path) -> str:
    """A file name made of `label` that does not exist in `folder`."""
    stem = re.sub(r"[^\w.-]+", "-", label).strip("-.").removesuffix(ENDING) or "run"
    names = (f"{stem}{ENDING}", *(f"{stem}-{n}{ENDING}" for n in range(2, 1000)))
    return next((name for name in names if not (folder / name).exists()), names[0])


class SaveScreen(SettledModal[Path | None]):
    """Its result: the file, chosen by the user; one that exists already must be named twice."""

    DEFAULT_CSS = """
    SaveScreen { align: center middle; background: $background 60%; }
    SaveScreen Vertical { width: 70; max-width: 100%; height: auto; padding: 1 2; background: $surface; }
    SaveScreen Static { width: 1fr; height: auto; background: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "keys.close")]

    def __init__(self, label: str) -> None:
        super().__init__()
        self._name = free_name(label, Path.cwd())
        self._warned_of = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(t("run.save.ask"), markup=False)
            yield Input(self._name, compact=True)
            yield Static("", id="problem", markup=False)
        yield KeyBar()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        name = message.value.strip()
        path = Path(name).expanduser()
        problem = ""
        if not name:
            problem = t("run.save.empty")
        elif path.is_dir():
            problem = t("run.save.folder", name=name)
        elif not path.parent.is_dir():
            problem = t("run.save.no_folder", name=path.parent)
        elif path.exists() and self._warned_of != name:
            self._warned_of = name
            problem = t("run.save.exists", name=name)
        if problem:
            self.query_one("#problem", Static).update(problem)
        else:
            self.dismiss(path)
