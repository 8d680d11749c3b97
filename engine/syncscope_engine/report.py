"""What a run without a screen leaves: one JSON object, and the exit status.

All times are nanoseconds since the program was started; 0 = it has not happened.  A program that had to be
stopped is told as it was just before: who held what and who waited for it.

`probe_share` is an estimate: the records that the program wrote, times the cost of one record measured when
it started, as a share of its run time (not of its processor time); what a probe costs beside the record is
not in it.
"""

from dataclasses import dataclass
from typing import Any

from .analysis import Analysis
from .detectors.base import Finding
from .events import Kind
from .model.state import ResourceState, Run, State, TaskState
from .recording import Recording
from .session import Session
from .tables import Tables
from .texts import finding_text

SCHEMA = 1
_OWN_FAILURES = frozenset({"uncaught_exception", "crashed_process"})


@dataclass(frozen=True, slots=True)
class RunFacts:
    target: str
    outcome: str  # finished, failed, stuck, timed_out, killed
    exit_code: int | None
    duration_ns: int
    gil: bool = True

    @staticmethod
    def of(session: Session) -> "RunFacts":
        """Of a session that has ended."""
        return RunFacts(
            session.target.label,
            session.outcome or "killed",
            session.exit_code,
            session.now_ns - session.recording.tables.start_ns,
            session.interpreter.gil,
        )

    @staticmethod
    def recorded(recording: Recording) -> "RunFacts":
        """Of the run that `recording` tells of; one that has no end counts as killed."""
        facts, tables = recording.facts, recording.tables
        exit_code, duration_ns = facts.get("exit_code"), facts.get("duration_ns")
        return RunFacts(
            str(facts.get("target") or "?"),
            str(facts.get("outcome") or "killed"),
            exit_code if isinstance(exit_code, int) else None,
            duration_ns if isinstance(duration_ns, int) else max(recording.end_ns - tables.start_ns, 0),
            facts.get("gil") is not False,
        )


def build_report(
    facts: RunFacts, recording: Recording, analysis: Analysis, lang: str = "en"
) -> dict[str, Any]:
    tables = recording.tables
    state, end_ns = analysis.last_picture()
    tasks = [_task(state.tasks.get(id_), id_, tables, end_ns) for id_ in tables.tasks]
    resources = [_resource(state.resources.get(id_), id_, tables, state, end_ns) for id_ in tables.resources]
    return {
        "schema": SCHEMA,
        "target": facts.target,
        "python": tables.python,
        "gil": facts.gil,
        "outcome": facts.outcome,
        "exit_code": facts.exit_code,
        "duration_ns": facts.duration_ns,
        "events": len(recording),
        "dropped": recording.dropped,
        "sampled": recording.sampled,
        "probe_share": probe_share(recording, facts.duration_ns),
        "tasks": tasks,
        "resources": resources,
        "findings": [_finding(finding, tables, lang) for finding in analysis.findings],
    }


def probe_share(recording: Recording, duration_ns: int) -> float:
    """See above."""
    n_written = recording.dropped + sum(event.kind < Kind.STATE for event in recording)
    return min(1.0, n_written * max(recording.tables.cost_ns, 0) / max(duration_ns, 1))


def exit_status(report: dict[str, Any]) -> int:
    """0 finished, nothing wrong; 1 findings of severity error; 3 the program itself failed; 4 out of time.

    A program that fails by its own exception or signal has a finding that says so; that alone is 3: the
    program failed, as it would have without us.  Any other error (of a thread, of a child process, a
    deadlock, a lost update) is 1, even if the program failed too: there is something to mend that its exit
    status does not tell.  Out of time, or stopped by its user, with errors found is 1.  Stopped by its user
    with nothing found is 3: it did not finish.
    """
    own = _program_tasks(report)
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    others = [
        finding
        for finding in errors
        if finding["kind"] not in _OWN_FAILURES or not own.issuperset(finding["tasks"])
    ]
    if others or (errors and report["outcome"] != "failed"):
        return 1
    return {"finished": 0, "timed_out": 4, "stuck": 1}.get(report["outcome"], 3)


def _program_tasks(report: dict[str, Any]) -> set[int]:
    """The first process and its main thread, the thread of it that was declared first."""
    process = next((t["id"] for t in report["tasks"] if t["kind"] == "process" and not t["parent"]), 0)
    threads = [t["id"] for t in report["tasks"] if t["kind"] == "thread" and t["parent"] == process]
    return {process, *threads[:1]}


def _task(task: TaskState | None, id_: int, tables: Tables, end_ns: int) -> dict[str, Any]:
    info = tables.tasks[id_]
    task = task or TaskState(id_)
    error = next((e for e in reversed(tables.exceptions) if e.task == id_), None)
    lasts_ns = end_ns - task.since_ns
    waited = task.wait_ns + (lasts_ns if task.run is Run.BLOCKED else 0)
    return {
        "id": id_,
        "kind": info.kind,
        "name": info.name,
        "parent": info.parent,
        "state": task.run.value,
        "start_ns": _since_start(task.start_ns, tables),
        "end_ns": _since_start(task.end_ns, tables),
        "wait_ns": waited,
        "run_ns": task.run_ns + (lasts_ns if task.run is Run.RUNNING else 0),
        "sleep_ns": task.sleep_ns + (lasts_ns if task.run is Run.SLEEPING else 0),
        "error": (f"{error.type}: {error.message}" if error.message else error.type) if error else None,
        "waits_for": task.wait.obj or None if task.wait is not None else None,
    }


def _resource(
    resource: ResourceState | None, id_: int, tables: Tables, state: State, end_ns: int
) -> dict[str, Any]:
    info = tables.resources[id_]
    resource = resource or ResourceState(id_)
    place = tables.places.get(info.place)
    waits = (state.tasks[waiter].wait for waiter in resource.waiters)
    still_waiting = [end_ns - wait.since_ns for wait in waits if wait is not None]
    return {
        "id": id_,
        "kind": info.kind,
        "name": info.name,
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "acquired": resource.n_acquired,
        "contended": resource.n_contended,
        "max_wait_ns": max([resource.max_wait_ns, *still_waiting]),
        "owner": resource.owner or None,
        "waiters": list(resource.waiters),
    }


def _finding(finding: Finding, tables: Tables, lang: str) -> dict[str, Any]:
    text = finding_text(finding, tables, lang)
    places = [tables.places[place] for place in finding.places if place in tables.places]
    lines = [{"file": place.file, "line": place.line} for place in places]
    facts = dict(finding.values)
    if not lines and facts.get("file"):
        lines = [{"file": facts["file"], "line": int(facts["line"])}]
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "title": text.title,
        "explanation": text.explanation,
        "remedy": text.remedy,
        "tasks": list(finding.tasks),
        "resources": list(finding.resources),
        "places": lines,
        "evidence": list(finding.evidence),
        "basis": finding.basis,
    }


def _since_start(t_ns: int, tables: Tables) -> int:
    return max(t_ns - tables.start_ns, 0) if t_ns else 0
