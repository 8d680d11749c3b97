"""What a scenario.toml must say.  Every departure is one sentence; a file without any can be loaded as it stands."""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

LANGUAGES = ("en", "zh")
KINDS = ("natural", "scheduled", "staged")
ROLES = ("broken", "fixed", "variant")
PARAMETER_TYPES = ("int", "float", "bool", "choice")
PACKAGES = ("aiohttp",)  # what a program may need beyond the standard library: it comes with us
FINDINGS = (
    "deadlock",
    "lock_order_inversion",
    "data_race",
    "lost_update",
    "lost_wakeup",
    "starvation",
    "blocking_call",
    "unbounded_release",
    "swallowed_cancellation",
    "unretrieved_exception",
    "crashed_process",
    "uncaught_exception",
    "leaked_task",
    "oversized_critical_section",
)


def problems(data: Mapping[str, object], folder: Path) -> list[str]:
    """Everything that is wrong with the scenario whose file says `data` and whose programs are in `folder`."""
    return [f"{folder.name}: {problem}" for problem in _scenario(data, folder)]


def _scenario(data: Mapping[str, object], folder: Path) -> Iterator[str]:
    if data.get("id") != folder.name:
        yield f"id is {data.get('id')!r}, the folder is {folder.name!r}"
    if not _is_int(data.get("order")):
        yield "order is not a whole number"
    if not isinstance(data.get("group"), str):
        yield "group is missing"
    if data.get("kind") not in KINDS:
        yield f"kind is {data.get('kind')!r}, not one of {', '.join(KINDS)}"
    yield from _bilingual(data, "title", "")
    yield from _bilingual(data, "summary", "")

    modules = data.get("modules", [])
    if not isinstance(modules, list) or len(_strings(modules)) < len(modules):
        yield "modules is not a list of files"
    yield from (f"there is no module {each!r}" for each in _strings(modules) if not (folder / each).is_file())
    needs = data.get("needs", [])
    if not isinstance(needs, list) or any(each not in PACKAGES for each in needs):
        yield f"needs is {needs!r}, not a list of {', '.join(PACKAGES)}"
    for key in ("programs", "parameters", "questions"):
        if not _is_list_of_tables(data.get(key, [])):
            yield f"{key} is not a list of tables"
            return
    parameters = {str(table.get("name")): table for table in _tables(data, "parameters")}
    if len(parameters) < len(_tables(data, "parameters")):
        yield "two parameters have the same name"
    programs = [str(table.get("id")) for table in _tables(data, "programs")]
    if not programs:
        yield "no program"
    if len(set(programs)) < len(programs):
        yield "two programs have the same id"
    for table in _tables(data, "programs"):
        yield from _program(table, folder, parameters)
    for name, table in parameters.items():
        yield from _parameter(name, table, programs)
    for table in _tables(data, "questions"):
        yield from _question(table, programs)


def _program(
    table: Mapping[str, object], folder: Path, parameters: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    where = f"program {table.get('id')!r}: "
    if not isinstance(table.get("id"), str):
        yield where + "id is missing"
    if table.get("role") not in ROLES:
        yield where + f"role is {table.get('role')!r}, not one of {', '.join(ROLES)}"
    file = table.get("file")
    if not isinstance(file, str) or not (folder / file).is_file():
        yield where + f"there is no file {file!r}"
    yield from _bilingual(table, "title", where)
    expects = table.get("expects")
    if not isinstance(expects, list):
        yield where + "expects is missing (an empty list says that nothing must be found)"
    else:
        yield from (where + f"unknown finding {kind!r}" for kind in expects if kind not in FINDINGS)
    yield from _pattern(table.get("shows"), where + "shows")
    if not isinstance(table.get("ends", True), bool):
        yield where + "ends is neither true nor false"
    quick = table.get("quick", {})
    if not isinstance(quick, Mapping):
        yield where + "quick is not a table"
        return
    for name, value in quick.items():
        parameter = parameters.get(name)
        of = _strings(parameter.get("programs")) if parameter else []
        if parameter is None or (of and table.get("id") not in of):
            yield where + f"quick sets {name!r}, which is not a parameter of it"
        elif fault := _fault(parameter, value):
            yield where + f"quick: {fault}"


def _parameter(name: str, table: Mapping[str, object], programs: list[str]) -> Iterator[str]:
    where = f"parameter {name!r}: "
    if not isinstance(table.get("name"), str) or not name.isidentifier():
        yield where + "name is not a word"
    if table.get("type") not in PARAMETER_TYPES:
        yield where + f"type is {table.get('type')!r}, not one of {', '.join(PARAMETER_TYPES)}"
        return
    yield from _bilingual(table, "help", where)
    if table["type"] in ("int", "float"):
        for bound in ("min", "max"):
            if not _is_number(table.get(bound)):
                yield where + f"{bound} is not a number"
                return
    if table["type"] == "choice" and not _strings(table.get("choices")):
        yield where + "choices are missing"
        return
    if fault := _fault(table, table.get("default")):
        yield where + f"default: {fault}"
    of = table.get("programs", [])
    if not isinstance(of, list):
        yield where + "programs is not a list"
        return
    yield from (where + f"there is no program {program!r}" for program in of if program not in programs)


def _question(table: Mapping[str, object], programs: list[str]) -> Iterator[str]:
    where = f"question {table.get('id')!r}: "
    if not isinstance(table.get("id"), str):
        yield where + "id is missing"
    if table.get("program") not in programs:
        yield where + f"there is no program {table.get('program')!r}"
    yield from _bilingual(table, "ask", where)
    answer = table.get("answer")
    if not isinstance(answer, Mapping) or len(answer) != 1 or next(iter(answer)) not in ("option", "output"):
        yield where + "answer is neither { option = NUMBER } nor { output = PATTERN }"
        return
    if "output" in answer:
        yield from _pattern(answer["output"], where + "answer.output")
        yield from _bilingual(table, "unit", where)
        return
    options = _tables(table, "options")
    for number, option in enumerate(options, 1):
        yield from _bilingual({"option": option}, "option", f"{where}{number}: ")
    if not _is_int(answer["option"]) or not 1 <= int(str(answer["option"])) <= len(options):
        yield where + f"answer.option is {answer['option']!r}, there are {len(options)} options"


def fault_of(
    name: str,
    kind: str,
    value: object,
    minimum: float | None,
    maximum: float | None,
    choices: Collection[str],
) -> str | None:
    """Why a parameter of this kind cannot have this value, in words, or None."""
    if kind == "bool":
        return None if isinstance(value, bool) else f"{name} is {value!r}, not true or false"
    if kind == "choice":
        return None if value in choices else f"{name} is {value!r}, not one of {', '.join(choices)}"
    if kind == "int" and not _is_int(value):
        return f"{name} is {value!r}, not a whole number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name} is {value!r}, not a number"
    if not (-math.inf if minimum is None else minimum) <= value <= (math.inf if maximum is None else maximum):
        return f"{name} is {value}, not between {minimum} and {maximum}"
    return None


def _fault(parameter: Mapping[str, object], value: object) -> str | None:
    low, high = parameter.get("min"), parameter.get("max")
    return fault_of(
        str(parameter.get("name")),
        str(parameter.get("type")),
        value,
        low if isinstance(low, int | float) else None,
        high if isinstance(high, int | float) else None,
        _strings(parameter.get("choices")),
    )


def _pattern(value: object, where: str) -> Iterator[str]:
    try:
        re.compile(value if isinstance(value, str) else "(")
    except re.error:
        yield f"{where} is not a regular expression"


def _bilingual(data: Mapping[str, object], key: str, where: str) -> Iterator[str]:
    text = data.get(key)
    for language in LANGUAGES:
        said = text.get(language) if isinstance(text, Mapping) else None
        if not isinstance(said, str) or not said.strip():
            yield f"{where}{key} has no {language}"


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _tables(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = data.get(key, [])
    return found if isinstance(found, list) and _is_list_of_tables(found) else []


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
