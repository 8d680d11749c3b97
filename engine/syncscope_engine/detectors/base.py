"""What a detector is: it watches the tape and judges the state; it says nothing rather than something doubtful."""

from dataclasses import dataclass
from typing import Literal, Protocol

from ..events import Event
from ..model.state import State
from ..tables import Tables

Severity = Literal["error", "warning", "note"]
Basis = Literal["observed", "inferred", "sampled"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the program.  Texts are message ids with values, so that they can be said in any language."""

    kind: str  # deadlock, lost_update, ... as in the report format
    severity: Severity
    values: tuple[tuple[str, str], ...]  # what the texts of `kind` are filled with
    tasks: tuple[int, ...] = ()
    resources: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()  # event numbers
    basis: Basis = "observed"
    t_ns: int = 0
    variant: str = ""  # which text of the kind, when it has several


def same_fault(finding: Finding) -> tuple[object, ...]:
    """Two findings with this in common are one and the same."""
    return (finding.kind, finding.variant, finding.resources or finding.tasks)


@dataclass(frozen=True, slots=True)
class Recheck:
    """Not long enough yet to say: ask again at `at_ns`."""

    at_ns: int


class Detector(Protocol):
    """One fault.  `observe` sees every event of its `kinds`, after the reducer; `check` is asked about ten times
    a second.

    A finding that has grown is given again, and replaces the older one: see `same_fault`.
    """

    kinds: frozenset[int]

    def observe(self, event: Event, state: State, tables: Tables) -> None: ...

    def check(self, state: State, tables: Tables, now_ns: int, final: bool) -> list[Finding] | Recheck | None:
        """New findings since the last call; `Recheck`; or None: clear.  `final`: the program has ended."""
        ...
