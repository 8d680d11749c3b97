"""Judges a recording while it grows: reduces new events to the state and asks the detectors about it."""

from collections.abc import Callable

from .detectors import all_detectors
from .detectors.base import Finding, Recheck, same_fault
from .detectors.stillness import everyone_is_stuck
from .events import Event, Kind
from .model.accesses import Accesses
from .model.clocks import Clocks
from .model.copies import Copies
from .model.holds import Holds
from .model.past import Checkpoints, Past
from .model.reducer import Reducer
from .model.spans import Spans
from .model.state import State
from .recording import Recording
from .tables import Tables

Observe = Callable[[Event, State, Tables], None]
CHECK_NS = 100_000_000
HOLDING_UP = frozenset({"deadlock", "lost_wakeup"})
SAYS_MORE_THAN = {
    "lost_update": [("data_race", variant) for variant in ("threads", "tasks", "processes")],
}
"""Finding -> (kind, variant) of those about the same resources that it replaces."""


class Analysis:
    def __init__(self, recording: Recording, live: bool = True) -> None:
        """`live`: the program runs on this machine now (a replay does not)."""
        self.findings: list[Finding] = []
        self._recording = recording
        self._reducer = Reducer(recording.tables)
        self._checkpoints = Checkpoints()
        self.holds = Holds()
        self.accesses = Accesses()
        clocks = Clocks(locks=False), Clocks(locks=True)
        self._detectors = all_detectors(live, *clocks)
        self._observers: dict[int, list[Observe]] = {}
        self._show(self.holds.kinds, self.holds.observe)
        self._show(self.accesses.kinds, self.accesses.observe)
        for clock in clocks:
            self._show(clock.kinds, clock.observe)
        for detector in self._detectors:
            self._show(detector.kinds, detector.observe)
        self._places: dict[tuple[object, ...], int] = {}  # fault -> its place in `findings`
        self._n_checked = -1
        self._next_check_ns = 0
        self._recheck_ns: int | None = None
        self._copies = Copies(self._reducer)
        self._stuck = (-1, False)  # at which event, and whether
        self._before_stop: tuple[State, int] | None = None

    def _show(self, kinds: frozenset[int], observe: Observe) -> None:
        for kind in kinds:
            self._observers.setdefault(kind, []).append(observe)

    @property
    def state(self) -> State:
        """The newest state, which goes on changing."""
        return self._reducer.state

    @property
    def recheck_ns(self) -> int | None:
        """When a detector wants to be asked again although nothing may have happened by then."""
        return self._recheck_ns

    @property
    def spans(self) -> Spans:
        return self._reducer.spans

    def update(self, now_ns: int, final: bool = False, until: int | None = None) -> list[Finding]:
        """Take everything new on the tape; returns the findings that nobody has been told of yet.

        `final`: the program has ended, and this is the last call.  `until`: number of the last event to take.
        """
        handle, state, tables = self._reducer.handle, self._reducer.state, self._recording.tables
        observers, checkpoints = self._observers.get, self._checkpoints
        last = len(self._recording) if until is None else until
        for event in self._recording.between(state.n + 1, last):
            if event.kind == Kind.KILL and self._before_stop is None:
                self._before_stop = self.snapshot(), event.t_ns
            handle(event)
            for observe in observers(event.kind, ()):
                observe(event, state, tables)
            if event.n >= checkpoints.next_n:
                checkpoints.keep(self._reducer)
        return self._check(now_ns, final) if final or self._is_due(now_ns) else []

    def _is_due(self, now_ns: int) -> bool:
        if now_ns < self._next_check_ns:
            return False
        return self.state.n != self._n_checked or (
            self._recheck_ns is not None and now_ns >= self._recheck_ns
        )

    def _check(self, now_ns: int, final: bool) -> list[Finding]:
        self._n_checked = self.state.n
        self._next_check_ns = now_ns + CHECK_NS
        self._recheck_ns = None
        new: list[Finding] = []
        for detector in self._detectors:
            answer = detector.check(self.state, self._recording.tables, now_ns, final)
            if isinstance(answer, Recheck):
                self._recheck_ns = min(answer.at_ns, self._recheck_ns or answer.at_ns)
                continue
            new += [finding for finding in answer or () if self._keep(finding)]
        return new

    def _keep(self, finding: Finding) -> bool:
        """True when the finding is new; an older one of the same fault is replaced."""
        if finding.variant == "everyone" and any(f.kind == "lost_wakeup" for f in self.findings):
            return False  # that is why
        fault = same_fault(finding)
        place = self._places.get(fault)
        if place is not None:
            self.findings[place] = finding
            return False
        for weaker in SAYS_MORE_THAN.get(finding.kind, ()):
            place = self._places.pop((*weaker, finding.resources), None)
            if place is not None:  # what could have happened has happened
                self.findings[place] = finding
                self._places[fault] = place
                return True
        self._places[fault] = len(self.findings)
        self.findings.append(finding)
        return True

    def is_stuck(self) -> bool:
        """Is there a fault that holds the program up for good, and is nobody left whom it does not hold up?"""
        if not any(finding.kind in HOLDING_UP for finding in self.findings) or self.state.paused:
            return False
        if self._stuck[0] != self.state.n:
            self._stuck = self.state.n, bool(everyone_is_stuck(self.state, self._recording.tables))
        return self._stuck[1]

    def past(self) -> Past:
        """The state at any moment up to now, for one reader, also of another thread."""
        return Past(self._recording, self._checkpoints)

    def last_picture(self) -> tuple[State, int]:
        """The state at the end, and when that was; of a program that we stopped, just before that."""
        return self._before_stop or (self.snapshot(), self._recording.end_ns)

    def snapshot(self) -> State:
        """A copy that does not change any more.  Only what was touched since the last one is copied anew."""
        return self._copies.newest()
