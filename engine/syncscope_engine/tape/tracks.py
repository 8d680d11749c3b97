"""The other tracks of a recording as blocks: tables, output, samples, sources, and the facts of the run.

Each block is a JSON object.  Lists hold what was new since the block before; tasks that have changed since
(renamed, their pid learned) come again, and the later one counts.  Keys that a reader does not know are
passed over.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from math import isfinite
from typing import Any, Literal, get_origin

from ..tables import ExceptionInfo, Place, ResourceInfo, Tables, TaskInfo
from .samples import Output, Sample, ThreadSample

TABLES, OUTPUT, SAMPLES, SOURCES, FACTS = b"TABL", b"OUTP", b"SAMP", b"SRCE", b"FACT"
_MOST = 1 << 62
"""Times are nanoseconds of a clock, ids far below: so large is nothing that was recorded."""
_LAST_ID = (1 << 32) - 1
_IDS = frozenset({"id", "parent", "spawner", "process", "place", "serves", "part_of", "lock", "task"})
_PLAIN = (int, bool, str)

Facts = dict[str, str | int | float | bool | list[str] | None]
"""About the run as a whole: target, outcome, exit_code, duration_ns, gil, now_ns, dropped, sampled, missing."""


class TrackWriter:
    """Remembers what was written; `blocks` gives what is new."""

    def __init__(self) -> None:
        self._tasks: dict[int, str] = {}
        self._n_resources = 0
        self._n_places = 0
        self._n_exceptions = 0
        self._n_notes = 0
        self._n_outputs = 0
        self._n_samples = 0
        self._sources: set[str] = set()
        self._facts = ""

    def blocks(
        self,
        tables: Tables,
        outputs: list[Output],
        samples: list[Sample],
        sources: dict[str, str],
        facts: Facts,
    ) -> list[tuple[bytes, bytes]]:
        """(tag, content), in an order in which they can be read."""
        found = [(TABLES, self._tables(tables))]
        new_outputs = outputs[self._n_outputs :]
        self._n_outputs += len(new_outputs)
        found.append((OUTPUT, {"outputs": new_outputs} if new_outputs else {}))
        new_samples = samples[self._n_samples :]
        self._n_samples += len(new_samples)
        found.append((SAMPLES, {"samples": new_samples} if new_samples else {}))
        new_sources = {file: text for file, text in sources.items() if file not in self._sources}
        self._sources.update(new_sources)
        found.append((SOURCES, new_sources))
        said = json.dumps(facts)
        if said != self._facts:
            self._facts = said
            found.append((FACTS, dict(facts)))
        return [
            (tag, json.dumps(content).encode("utf-8", "surrogatepass")) for tag, content in found if content
        ]

    def _tables(self, tables: Tables) -> dict[str, Any]:
        tasks = []
        for id_, task in list(tables.tasks.items()):
            line = json.dumps(asdict(task))
            if self._tasks.get(id_) != line:
                self._tasks[id_] = line
                tasks.append(asdict(task))
        resources = list(tables.resources.values())[self._n_resources :]
        places = list(tables.places.values())[self._n_places :]
        exceptions, notes = tables.exceptions[self._n_exceptions :], tables.notes[self._n_notes :]
        self._n_resources += len(resources)
        self._n_places += len(places)
        self._n_exceptions += len(exceptions)
        self._n_notes += len(notes)
        if not (tasks or resources or places or exceptions or notes):
            return {}
        return {
            "tasks": tasks,
            "resources": [asdict(resource) for resource in resources],
            "places": [asdict(place) for place in places],
            "exceptions": [asdict(exception) for exception in exceptions],
            "notes": notes,
            "python": tables.python,
            "start_ns": tables.start_ns,
            "cost_ns": tables.cost_ns,
        }


class TrackReader:
    def __init__(
        self,
        tables: Tables,
        outputs: list[Output],
        samples: list[Sample],
        sources: dict[str, str],
        facts: Facts,
    ) -> None:
        self._tables = tables
        self._outputs = outputs
        self._samples = samples
        self._sources = sources
        self._facts = facts

    def take(self, tag: bytes, content: bytes) -> None:
        """Raises ValueError when the content makes no sense; unknown tags are passed over."""
        read = {
            TABLES: self._read_tables,
            OUTPUT: self._read_outputs,
            SAMPLES: self._read_samples,
            SOURCES: self._read_sources,
            FACTS: self._read_facts,
        }.get(tag)
        if read is None:
            return
        try:
            read(
                json.loads(
                    content.decode("utf-8", "surrogatepass"),
                    parse_int=_int,
                    parse_float=_float,
                    parse_constant=_float,
                )
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"a block {tag!r} makes no sense: {error}") from error

    def _read_tables(self, content: dict[str, Any]) -> None:
        tables = self._tables
        tables.tasks.update((task.id, task) for task in _all(TaskInfo, content["tasks"]))
        tables.resources.update((r.id, r) for r in _all(ResourceInfo, content["resources"]))
        tables.places.update((place.id, place) for place in _all(Place, content["places"]))
        for exception in content["exceptions"]:
            exception["traceback"] = tuple((str(f), int(n), str(g)) for f, n, g in exception["traceback"])
        tables.exceptions.extend(_all(ExceptionInfo, content["exceptions"]))
        tables.notes.extend(str(note) for note in content["notes"])
        tables.python = str(content["python"])
        tables.start_ns = int(content["start_ns"])
        tables.cost_ns = int(content["cost_ns"])

    def _read_outputs(self, content: dict[str, Any]) -> None:
        self._outputs.extend(
            Output(int(t), _one_of(stream, "stdout", "stderr", "stdin"), str(text))
            for t, stream, text in content["outputs"]
        )

    def _read_samples(self, content: dict[str, Any]) -> None:
        for t, cores, threads in content["samples"]:
            told = tuple(
                ThreadSample(
                    int(task), int(core), float(run), float(wait), _one_of(gil, "", "holds", "waits")
                )
                for task, core, run, wait, gil in threads
            )
            self._samples.append(Sample(int(t), tuple(float(core) for core in cores), told))

    def _read_sources(self, content: dict[str, Any]) -> None:
        self._sources.update((str(file), str(text)) for file, text in content.items())

    def _read_facts(self, content: dict[str, Any]) -> None:
        self._facts.update(content)


def _int(digits: str) -> int:
    value = int(digits)
    if not -_MOST <= value <= _MOST:
        raise ValueError(f"{digits} is out of range")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"{digits} is no number")
    return value


def _one_of(value: Any, *known: str) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is none of {known}")
    return value


def _all(kind: Callable[..., Any], rows: Iterable[dict[str, Any]]) -> list[Any]:
    """Rows as objects of the dataclass `kind`, each field of the type that it is declared with."""
    shape = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    found = []
    for row in rows:
        known = {name: value for name, value in row.items() if name in shape}
        for name, value in known.items():
            declared = shape[name]
            wanted = str if get_origin(declared) is Literal else declared if declared in _PLAIN else None
            if wanted is not None and type(value) is not wanted:
                raise ValueError(f"{name} is {value!r}")
            if name in _IDS and not 0 <= value <= _LAST_ID:
                raise ValueError(f"{name} is {value!r}, which is no id")
        found.append(kind(**known))
    return found
