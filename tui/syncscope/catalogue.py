"""The scenarios: what there is to run, in teaching order, and how a program of it is called."""

import contextlib
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .scenario_file import fault_of, problems

Text = dict[str, str]  # language -> words
Value = int | float | bool | str


class UnknownTargetError(LookupError):
    """There is no such scenario or program; the message says so in one sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Literal["int", "float", "bool", "choice"]
    default: Value
    minimum: float | None  # None for bool and choice
    maximum: float | None
    choices: tuple[str, ...]
    help: Text
    programs: tuple[str, ...] = ()  # the programs that know it; empty = all of the scenario

    def parse(self, text: str) -> Value:
        """The value that a person means by `text`.  Raises ValueError with one clear sentence."""
        value: Value = text
        if self.type in ("int", "float"):
            with contextlib.suppress(ValueError):  # check() says it in the same words as for every kind
                value = int(text) if self.type == "int" else float(text)
        elif self.type == "bool":
            value = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
                text.lower(), text
            )
        self.check(value)
        return value

    def check(self, value: Value) -> None:
        fault = fault_of(self.name, self.type, value, self.minimum, self.maximum, self.choices)
        if fault:
            raise ValueError(fault)


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    role: Literal["broken", "fixed", "variant"]
    path: Path
    title: Text
    expects: tuple[str, ...]  # kinds of findings, each reported at least once, and no other kind
    ends: bool = True  # False: it waits for ever, and that is what it shows
    quick: Mapping[str, Value] = field(default_factory=dict)  # values that show the same within a second
    shows: str = ""  # pattern that its output matches in every quick run, bare or watched


@dataclass(frozen=True, slots=True)
class Question:
    """Asked before a program runs.  The answer is one of the options, or a number that the run prints."""

    id: str
    program: str
    ask: Text
    options: tuple[Text, ...] = ()
    option: int = 0  # the right option, from 1; 0 = the run tells
    output: str = ""  # pattern of the program's output whose first group is the number
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    id: str
    order: int
    group: str
    kind: Literal["natural", "scheduled", "staged"]
    title: Text
    summary: Text
    programs: tuple[Program, ...]
    parameters: tuple[Parameter, ...]
    questions: tuple[Question, ...]
    folder: Path
    modules: tuple[str, ...] = ()  # files beside the programs that they import
    needs: tuple[str, ...] = ()  # packages beyond the standard library

    def lesson(self, language: str) -> str:
        """The lesson's Markdown; empty when there is none in this language."""
        path = self.folder / f"lesson.{language}.md"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def parameters_of(self, program: Program) -> tuple[Parameter, ...]:
        return tuple(each for each in self.parameters if not each.programs or program.id in each.programs)


@dataclass(frozen=True, slots=True)
class Catalogue:
    scenarios: tuple[Scenario, ...]  # in teaching order
    groups: tuple[Group, ...]
    problems: tuple[str, ...]  # one sentence for everything that could not be loaded

    def in_group(self, group: str) -> tuple[Scenario, ...]:
        return tuple(each for each in self.scenarios if each.group == group)

    def find(self, target: str) -> tuple[Scenario, Program]:
        """`lock:too_wide`, or `lock` for the first program of the scenario."""
        name, _, wanted = target.partition(":")
        scenario = next((each for each in self.scenarios if each.id == name), None)
        if scenario is None:
            raise UnknownTargetError(
                f"there is no scenario {name!r}{_guess(name, [s.id for s in self.scenarios])}"
            )
        program = next((each for each in scenario.programs if wanted in ("", each.id)), None)
        if program is None:
            ids = [each.id for each in scenario.programs]
            raise UnknownTargetError(f"scenario {name!r} has no program {wanted!r}; it has {', '.join(ids)}")
        return scenario, program


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Everything under `folder`, by default the scenarios that came with the program.

    Never raises for what a file says: a scenario that cannot be loaded is left out and named in `problems`.
    """
    folder = folder or _own_folder()
    faults: list[str] = []
    groups = _load_groups(folder / "groups.toml", faults)
    scenarios: list[Scenario] = []
    for path in sorted(folder.glob("*/scenario.toml")):
        scenario = _load_scenario(path, faults)
        if scenario is None:
            continue
        if scenario.group not in {group.id for group in groups}:
            faults.append(f"{scenario.id}: there is no group {scenario.group!r}")
            continue
        twin = next((each for each in scenarios if each.order == scenario.order), None)
        if twin is not None:
            faults.append(f"{scenario.id}: order {scenario.order} is taken by {twin.id}")
        scenarios.append(scenario)
    if not scenarios and not faults:
        faults.append(f"there are no scenarios in {folder}")
    scenarios.sort(key=lambda each: (each.order, each.id))
    return Catalogue(tuple(scenarios), groups, tuple(faults))


def command_line(scenario: Scenario, program: Program, values: Mapping[str, Value]) -> tuple[str, ...]:
    """`values` as options of `program`.  Raises ValueError for a value that it does not know or allow."""
    known = {each.name: each for each in scenario.parameters_of(program)}
    options: list[str] = []
    for name, value in values.items():
        if name not in known:
            raise ValueError(
                f"{scenario.id}:{program.id} has no parameter {name!r}{_guess(name, list(known))}"
            )
        known[name].check(value)
        option = name.replace("_", "-")
        if isinstance(value, bool):
            options.append(f"--{option}" if value else f"--no-{option}")
        else:
            options.append(f"--{option}={value}")
    return tuple(options)


def _own_folder() -> Path:
    """Inside the wheel the scenarios are a folder of the package; in the source tree they stand at its top."""
    installed = Path(__file__).with_name("_scenarios")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "scenarios"


def _read(path: Path, faults: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f"{path.parent.name}/{path.name} cannot be read: {error}")
        return None


def _load_groups(path: Path, faults: list[str]) -> tuple[Group, ...]:
    data = _read(path, faults) or {}
    try:
        return tuple(Group(table["id"], dict(table["title"])) for table in data.get("groups", []))
    except (KeyError, TypeError, ValueError):
        faults.append(f"{path.name}: a group needs id and title")
        return ()


def _load_scenario(path: Path, faults: list[str]) -> Scenario | None:
    data = _read(path, faults)
    if data is None:
        return None
    found = problems(data, path.parent)
    faults.extend(found)
    return None if found else scenario_of(data, path.parent)


def scenario_of(data: Mapping[str, Any], folder: Path) -> Scenario:
    """What the file says; it must be without problems."""
    return Scenario(
        id=data["id"],
        order=data["order"],
        group=data["group"],
        kind=data["kind"],
        title=data["title"],
        summary=data["summary"],
        programs=tuple(_program(table, folder) for table in data["programs"]),
        parameters=tuple(_parameter(table) for table in data.get("parameters", [])),
        questions=tuple(_question(table) for table in data.get("questions", [])),
        folder=folder,
        modules=tuple(data.get("modules", ())),
        needs=tuple(data.get("needs", ())),
    )


def _program(table: dict[str, Any], folder: Path) -> Program:
    return Program(
        id=table["id"],
        role=table["role"],
        path=folder / table["file"],
        title=table["title"],
        expects=tuple(table["expects"]),
        shows=table["shows"],
        ends=table.get("ends", True),
        quick=table.get("quick", {}),
    )


def _parameter(table: dict[str, Any]) -> Parameter:
    return Parameter(
        name=table["name"],
        type=table["type"],
        default=table["default"],
        minimum=table.get("min"),
        maximum=table.get("max"),
        choices=tuple(table.get("choices", ())),
        help=table["help"],
        programs=tuple(table.get("programs", ())),
    )


def _question(table: dict[str, Any]) -> Question:
    return Question(
        id=table["id"],
        program=table["program"],
        ask=table["ask"],
        options=tuple(table.get("options", ())),
        option=table["answer"].get("option", 0),
        output=table["answer"].get("output", ""),
        unit=table.get("unit"),
    )


def _guess(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
