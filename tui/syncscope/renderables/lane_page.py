"""What all lanes of one page share."""

from dataclasses import dataclass, field

from syncscope_engine.model.accesses import Accesses
from syncscope_engine.model.activity import Activity
from syncscope_engine.model.holds import Holds
from syncscope_engine.model.spans import Spans
from syncscope_engine.model.state import State
from syncscope_engine.tables import Tables

from ..look import Look
from .lane_rows import Rows
from .time_window import TimeWindow


@dataclass(frozen=True, slots=True)
class LanePage:
    window: TimeWindow
    state: State
    tables: Tables
    spans: Spans
    holds: Holds
    look: Look
    accesses: Accesses = field(default_factory=Accesses)
    activity: Activity = field(default_factory=Activity)
    resource: int = 0  # that is looked at
    stands_still: bool = False  # paused or ended: times are exact
    rows: Rows = field(default_factory=lambda: Rows(Tables()))

    def resource_name(self, resource: int) -> str:
        """The program's name; the lock inside a condition goes by the condition's."""
        info = self.tables.resources.get(resource)
        if info and info.part_of:
            return self.tables.resource_name(info.part_of)
        return self.tables.resource_name(resource)

    def name(self, obj: int) -> str:
        return self.tables.task_name(obj) if obj in self.tables.tasks else self.resource_name(obj)
