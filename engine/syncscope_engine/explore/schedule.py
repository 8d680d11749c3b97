"""A schedule as a small text file: what was run, and who went at each step.

    syncscope schedule 1
    target: broken.py
    arguments: []
    …
    steps:
      1 start worker.py:12 first
    * 2 acquire worker.py:5 lock

A star marks the steps that had to be chosen; at the others the running task went on, or the first that could.
"""

import json
import os
import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

HEAD = "syncscope schedule "
VERSION = 1
GRANULARITIES = ("sync", "access", "line")
_LARGEST = 64 << 20
_WRITTEN = (
    *("target", "form", "arguments", "parameters", "granularity", "seed", "max_steps"),
    *("time_limits", "asyncio_order", "outcome", "error"),
)


class ScheduleError(Exception):
    """One sentence."""


class PlannedStep(NamedTuple):
    task: int
    kind: str
    what: str
    file: str
    line: int


@dataclass(frozen=True)
class Schedule:
    target: str
    """A scenario's program, a script relative to the file's folder, or a module."""
    form: str = "script"
    """scenario, script or module."""
    arguments: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    """name=value, of a scenario."""
    granularity: str = "access"
    seed: int = 0
    max_steps: int = 5000
    time_limits: str = "virtual"
    asyncio_order: str = "faithful"
    outcome: str = ""
    error: str = ""
    tasks: dict[int, str] = field(default_factory=dict)
    steps: tuple[PlannedStep, ...] = ()
    forced: frozenset[int] = frozenset()

    def dumps(self) -> str:
        lines = [f"{HEAD}{VERSION}"]
        lines += [f"{name}: {_value(getattr(self, name))}" for name in _WRITTEN]
        lines.append(f"tasks: {_value({str(number): name for number, name in self.tasks.items()})}")
        lines.append("steps:")
        for n, step in enumerate(self.steps):
            mark = "*" if n in self.forced else " "
            where = f"{step.file}:{step.line}"
            lines.append(f"{mark} {step.task} {_word(step.kind)} {_word(where)} {_word(step.what)}")
        return "\n".join(lines) + "\n"


def loads(text: str, name: str = "the file") -> Schedule:
    """Raises `ScheduleError` with one sentence for everything that is no schedule of ours."""
    lines = text.rstrip("\n").split("\n")
    if not lines[0].startswith(HEAD):
        raise ScheduleError(f"{name} is not a schedule of Syncscope")
    version = lines[0][len(HEAD) :].strip()
    if version != str(VERSION):
        raise ScheduleError(
            f"{name} is a schedule of version {version[:20]}; this Syncscope knows version {VERSION}"
        )
    values: dict[str, object] = {}
    at = 1
    while at < len(lines) and lines[at] != "steps:":
        key, colon, value = lines[at].partition(": ")
        if not colon:
            raise ScheduleError(f"{name} cannot be understood in line {at + 1}")
        try:
            values[key] = json.loads(value)
        except ValueError:
            raise ScheduleError(f"{name} cannot be understood in line {at + 1}") from None
        at += 1
    if at == len(lines):
        raise ScheduleError(f"{name} is cut off: it has no steps")
    steps: list[PlannedStep] = []
    forced: set[int] = set()
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if line:
            step = _step(line)
            if step is None:
                raise ScheduleError(f"{name} cannot be understood in line {number}")
            if line.startswith("*"):
                forced.add(len(steps))
            steps.append(step)
    schedule = _checked(values)
    if schedule is None:
        raise ScheduleError(f"{name} does not say what it is a schedule of")
    return replace(schedule, steps=tuple(steps), forced=frozenset(forced))


def load(path: Path) -> Schedule:
    try:
        if path.stat().st_size > _LARGEST:
            raise ScheduleError(f"{path} is too large for a schedule")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScheduleError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ScheduleError(f"{path} is not a schedule of Syncscope") from None
    return loads(text, str(path))


def save(schedule: Schedule, path: Path) -> None:
    """The script is named relative to the file, so that both can be given away together."""
    if schedule.form == "script":
        folder = os.path.abspath(path.parent)
        schedule = replace(schedule, target=os.path.relpath(os.path.abspath(schedule.target), folder))
    try:
        path.write_text(schedule.dumps(), encoding="utf-8")
    except OSError as error:
        raise ScheduleError(f"{path} cannot be written: {error.strerror}") from error


def script_of(schedule: Schedule, path: Path) -> Path:
    """Where the script is, for a schedule that was loaded from `path`."""
    return Path(os.path.normpath(os.path.join(os.path.abspath(path.parent), schedule.target)))


def _value(value: object) -> str:
    return json.dumps(value)


def _word(text: str) -> str:
    """One word on one line, whatever it is."""
    plain = text.isprintable() and not text.startswith("\\")
    return shlex.quote(text) if plain else shlex.quote("\\" + json.dumps(text))


def _unword(word: str) -> str:
    return str(json.loads(word[1:])) if word.startswith("\\") else word


def _step(line: str) -> PlannedStep | None:
    try:
        words = [_unword(word) for word in shlex.split(line[2:])]
    except ValueError:
        return None
    if line[:2] not in ("* ", "  ") or len(words) != 4:
        return None
    file, _, number = words[2].rpartition(":")
    if not re.fullmatch(r"\d{1,9}", words[0]) or not re.fullmatch(r"\d{1,9}", number):
        return None
    return PlannedStep(int(words[0]), words[1], words[3], file, int(number))


def _checked(values: dict[str, object]) -> Schedule | None:
    def texts(name: str) -> tuple[str, ...] | None:
        value = values.get(name, [])
        return (
            tuple(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else None
        )

    target, form, granularity = values.get("target"), values.get("form"), values.get("granularity")
    seed, max_steps, tasks = values.get("seed", 0), values.get("max_steps", 5000), values.get("tasks", {})
    arguments, parameters = texts("arguments"), texts("parameters")
    limits, order = values.get("time_limits", "virtual"), values.get("asyncio_order", "faithful")
    if (
        not isinstance(target, str)
        or form not in ("scenario", "script", "module")
        or granularity not in GRANULARITIES
        or limits not in ("virtual", "any")
        or order not in ("faithful", "adversarial")
        or type(seed) is not int
        or type(max_steps) is not int
        or not isinstance(tasks, dict)
        or not all(key.isascii() and key.isdecimal() and isinstance(name, str) for key, name in tasks.items())
        or arguments is None
        or parameters is None
    ):
        return None
    return Schedule(
        target,
        str(form),
        arguments,
        parameters,
        str(granularity),
        seed,
        max_steps,
        str(limits),
        str(order),
        str(values.get("outcome", "")),
        str(values.get("error", "")),
        {int(key): name for key, name in tasks.items()},
    )
