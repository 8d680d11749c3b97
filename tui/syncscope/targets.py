"""What a user names on the command line or chooses on the screen, as a `Target` of the engine."""

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from syncscope_engine.interpreter import UsageError
from syncscope_engine.launch import Target

from .catalogue import (
    Catalogue,
    Program,
    Scenario,
    UnknownTargetError,
    Value,
    command_line,
    load_catalogue,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A target, and where it is from when it is one of the scenarios."""

    target: Target
    title: str
    scenario: Scenario | None = None
    program: Program | None = None


def scenario_target(
    scenario: Scenario, program: Program, values: Mapping[str, Value], arguments: Sequence[str] = ()
) -> Target:
    """Raises `UsageError` for a value that the program does not know or allow."""
    try:
        options = command_line(scenario, program, values)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return Target(
        label=f"{scenario.id}:{program.id}", script=program.path, module=None, args=(*options, *arguments)
    )


def choose(
    name: str,
    arguments: Sequence[str],
    values: Sequence[str],
    language: str,
    catalogue: Catalogue | None = None,
) -> Chosen:
    """`name` as the user wrote it: a scenario where there is one of this id, else a file.

    `values` are "name=value".  Raises `UsageError` with one sentence for whatever is wrong.
    """
    if not name:
        raise UsageError("TARGET is empty: name a scenario, a script or -m MODULE")
    if not is_path(name):
        catalogue = catalogue or load_catalogue()
        if any(scenario.id == name.partition(":")[0] for scenario in catalogue.scenarios):
            return _scenario(name, arguments, values, language, catalogue)
        if not Path(name).exists():
            raise UsageError(_unknown(name, catalogue))
    script = Path(name)
    if script.is_dir() and not any((script / main).exists() for main in ("__main__.py", "__main__.pyc")):
        raise UsageError(f"{name} is a directory, not a script, and has no __main__.py")
    if not script.exists():
        raise UsageError(f"there is no script {name}{_near_file(script)}")
    if not os.access(script, os.R_OK):
        raise UsageError(f"{name} cannot be read: permission denied")
    if values:
        raise UsageError(
            "--param sets parameters of scenarios; write the script's own options after its name"
        )
    target = Target(label=name, script=script.absolute(), module=None, args=tuple(arguments), typed=name)
    return Chosen(target, script.name)


def choose_module(module: str, arguments: Sequence[str], values: Sequence[str]) -> Chosen:
    if values:
        raise UsageError(
            "--param sets parameters of scenarios; write the module's own options after its name"
        )
    target = Target(label=f"-m {module}", script=None, module=module, args=tuple(arguments))
    return Chosen(target, f"-m {module}")


def is_path(name: str) -> bool:
    """Whether `name` can only be meant as a file."""
    return "/" in name or name.endswith((".py", ".pyw")) or name in (".", "..")


def _scenario(
    name: str, arguments: Sequence[str], values: Sequence[str], language: str, catalogue: Catalogue
) -> Chosen:
    try:
        scenario, program = catalogue.find(name)
    except UnknownTargetError as error:
        raise UsageError(str(error)) from error
    target = scenario_target(scenario, program, parse_values(scenario, program, values), arguments)
    return Chosen(target, f"{scenario.title[language]}: {program.title[language]}", scenario, program)


def parse_values(scenario: Scenario, program: Program, texts: Sequence[str]) -> dict[str, Value]:
    """ "name=value" for each; raises `UsageError` for what cannot be understood."""
    known = {each.name: each for each in scenario.parameters_of(program)}
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise UsageError(f"--param {text}: write it as name=value")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(known) or 'none'}"
            raise UsageError(f"{scenario.id}:{program.id} has no parameter {name}{hint}")
        try:
            values[name] = known[name].parse(value.strip())
        except ValueError as error:
            raise UsageError(f"--param {text}: {error}") from error
    return values


def _unknown(name: str, catalogue: Catalogue) -> str:
    scenario, _, program = name.partition(":")
    near = difflib.get_close_matches(scenario, [each.id for each in catalogue.scenarios], n=3, cutoff=0.5)
    named = [f"{each}:{program}" if program else each for each in near]
    hint = f"; did you mean {' or '.join(named)}?" if named else "; `syncscope list` names the scenarios"
    return f"there is no scenario and no script {name}{hint}"


def _near_file(script: Path) -> str:
    try:
        names = [path.name for path in script.parent.iterdir() if path.suffix == ".py"]
    except OSError:
        return ""
    near = difflib.get_close_matches(script.name, names, n=1, cutoff=0.75)
    return f"; did you mean {script.with_name(near[0])}?" if near else ""
