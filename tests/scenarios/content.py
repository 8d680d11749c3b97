"""What is wrong with the content of a scenario: its programs, read as text, and its lessons."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from syncscope.catalogue import Parameter, Program, Scenario
from syncscope.scenario_file import LANGUAGES

MOST_LINES = 60
MOST_CODE_LINES = 50
MOST_CODE_LINES_OF_A_MODULE = 80
SECTIONS = {
    "en": ("Problem", "What to watch", "Predict", "Explanation", "When to use", "Trade-off"),
    "zh": ("问题", "看什么", "预测", "解释", "何时使用", "取舍"),
}
KIND_SAID = {
    "en": {"natural": "naturally", "scheduled": "schedule", "staged": "staged"},
    "zh": {"natural": "自然", "scheduled": "调度", "staged": "编排"},
}
LEAST_OF_A_SECTION = {"en": 150, "zh": 60}  # characters: less is a heading with an excuse


@dataclass(frozen=True, slots=True)
class Term:
    en: str
    zh: str
    avoid: tuple[str, ...]
    everyday: bool


def load_glossary(path: Path) -> tuple[Term, ...]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["terms"].values()
    return tuple(
        Term(table["en"], table["zh"], tuple(table.get("avoid", ())), table.get("everyday", False))
        for table in tables
    )


def problems_of(scenario: Scenario, glossary: tuple[Term, ...]) -> list[str]:
    found: list[str] = []
    for program in scenario.programs:
        found += [f"{program.path.name}: {problem}" for problem in _program(scenario, program)]
    for name in scenario.modules:
        found += [f"{name}: {problem}" for problem in _module(scenario, scenario.folder / name)]
    listed = {program.path.name for program in scenario.programs} | set(scenario.modules)
    found += [
        f"{path.name} is no program and no module of scenario.toml"
        for path in scenario.folder.glob("*.py")
        if path.name not in listed
    ]
    for language in LANGUAGES:
        found += [f"lesson.{language}.md: {problem}" for problem in _lesson(scenario, language)]
    found += _translation(scenario)
    found += _words(scenario, glossary)
    return found


def _program(scenario: Scenario, program: Program) -> Iterator[str]:
    source = program.path.read_text(encoding="utf-8")
    lines = source.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{len(lines)} lines, more than {MOST_LINES}"
    code = sum(1 for line in lines if line.strip())
    if code > MOST_CODE_LINES:
        yield f"{code} lines of code, more than {MOST_CODE_LINES}"
    if not program.shows:
        yield "scenario.toml does not say what its output shows"
    tree = ast.parse(source)
    yield from _any_file(scenario, program.path, tree)
    yield from _options(tree, scenario.parameters_of(program))


def _module(scenario: Scenario, path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    code = sum(1 for line in source.splitlines() if line.strip())
    if code > MOST_CODE_LINES_OF_A_MODULE:
        yield f"{code} lines of code, more than {MOST_CODE_LINES_OF_A_MODULE}"
    yield from _any_file(scenario, path, ast.parse(source))
    programs = (ast.parse(program.path.read_text(encoding="utf-8")) for program in scenario.programs)
    if not any(path.stem in _imports(program) for program in programs):
        yield "no program imports it"


def _any_file(scenario: Scenario, path: Path, tree: ast.Module) -> Iterator[str]:
    if path.stem in sys.stdlib_module_names:
        yield "its name hides a module of the standard library from the program itself"
    if not ast.get_docstring(tree):
        yield "no docstring"
    beside = {Path(name).stem for name in scenario.modules}
    for package in _imports(tree):
        if package.startswith("syncscope") or not package:
            yield "imports something of ours"
        elif package not in sys.stdlib_module_names | beside | set(scenario.needs):
            yield f"imports {package}, which is not in the standard library"


def _imports(tree: ast.Module) -> Iterator[str]:
    """Top-level packages; "" for a relative import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else (node.module or "").partition(".")[0]


def _options(tree: ast.Module, parameters: tuple[Parameter, ...]) -> Iterator[str]:
    defaults: dict[str, object] = {}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "add_argument"
        ):
            name = ast.literal_eval(node.args[0]).lstrip("-").replace("-", "_")
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            defaults[name] = ast.literal_eval(keywords["default"]) if "default" in keywords else None
    for parameter in parameters:
        if parameter.name not in defaults:
            yield f"its argparse does not know the parameter {parameter.name}"
        elif defaults[parameter.name] != parameter.default:
            yield (
                f"the default of {parameter.name} is {defaults[parameter.name]}, "
                f"in scenario.toml {parameter.default}"
            )
    for name in defaults.keys() - {parameter.name for parameter in parameters}:
        yield f"its option {name} is no parameter of scenario.toml"


def _lesson(scenario: Scenario, language: str) -> Iterator[str]:
    text = scenario.lesson(language)
    if not text:
        yield "there is none"
        return
    title = text.partition("\n")[0]
    if title != f"# {scenario.title[language]}":
        yield f"begins with {title!r}, not with the title {scenario.title[language]!r}"
    sections = _sections(text)
    if tuple(sections) != SECTIONS[language]:
        missing = [name for name in SECTIONS[language] if name not in sections]
        yield (
            f"sections missing: {', '.join(missing)}" if missing else "sections in a wrong order or too many"
        )
    for name, body in sections.items():
        if len(body) < LEAST_OF_A_SECTION[language]:
            yield f"section {name!r} says next to nothing"
    if KIND_SAID[language][scenario.kind] not in text:
        yield f"does not say that the effect comes about {KIND_SAID[language][scenario.kind]!r}"


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return {name.strip(): body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _translation(scenario: Scenario) -> Iterator[str]:
    """A paragraph or list item that one language has and the other has not."""
    english, chinese = (_sections(scenario.lesson(language)) for language in LANGUAGES)
    for name, translated in zip(*SECTIONS.values(), strict=True):
        counts = [len(_blocks(english.get(name, ""))), len(_blocks(chinese.get(translated, "")))]
        if counts[0] != counts[1]:
            yield f"section {name!r} has {counts[0]} paragraphs and items in English, {counts[1]} in Chinese"


def _blocks(body: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n|\n(?=[-*] |\d+\. )", body) if block.strip()]


def _words(scenario: Scenario, glossary: tuple[Term, ...]) -> Iterator[str]:
    english, chinese = (scenario.lesson(language) for language in LANGUAGES)
    said = "\n".join([chinese, scenario.title["zh"], scenario.summary["zh"]])
    for term in glossary:
        used = re.search(rf"\b{re.escape(term.en)}(s|es|d|ed|ing)?\b", english, re.IGNORECASE)
        if used and not term.everyday and term.zh.lower() not in chinese.lower():
            yield f"lesson.en.md says {term.en!r}, lesson.zh.md never says {term.zh!r}"
        yield from (f"{word!r} is not our word for {term.zh!r}" for word in term.avoid if word in said)
