"""The scenarios are complete and consistent; and whoever leaves something out is told."""

import shutil
from pathlib import Path

import pytest

from syncscope.catalogue import Scenario, load_catalogue

from .content import Term, load_glossary, problems_of

CATALOGUE = load_catalogue()
ROOT = Path(__file__).parents[2] / "scenarios"
GLOSSARY = load_glossary(ROOT / "glossary.toml")


def test_every_scenario_file_can_be_loaded() -> None:
    assert CATALOGUE.problems == ()
    assert {scenario.folder.name for scenario in CATALOGUE.scenarios} == {
        path.parent.name for path in ROOT.glob("*/*.py")
    }


@pytest.mark.parametrize("scenario", CATALOGUE.scenarios, ids=lambda scenario: scenario.id)
def test_content(scenario: Scenario) -> None:
    assert problems_of(scenario, GLOSSARY) == []


@pytest.mark.parametrize("group", CATALOGUE.groups, ids=lambda group: group.id)
def test_every_group_has_a_title_and_scenarios(group) -> None:
    assert group.title["en"]
    assert group.title["zh"]
    assert CATALOGUE.in_group(group.id)


def test_glossary_has_one_word_for_each_thing() -> None:
    for language in ("en", "zh"):
        words = [getattr(term, language) for term in GLOSSARY]
        assert len(words) == len(set(words))
    ours = {term.zh for term in GLOSSARY}
    assert not ours & {word for term in GLOSSARY for word in term.avoid}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A sound scenario, to be damaged."""
    shutil.copy(ROOT / "groups.toml", tmp_path)
    shutil.copytree(ROOT / "race_condition", tmp_path / "race_condition")
    return tmp_path / "race_condition"


def problems_after(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (scenario,) = load_catalogue(folder.parent).scenarios
    return "\n".join(problems_of(scenario, GLOSSARY))


def test_a_sound_copy_has_no_problems(copy: Path) -> None:
    (scenario,) = load_catalogue(copy.parent).scenarios
    assert problems_of(scenario, GLOSSARY) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("broken.py", "import time", "import time\nimport syncscope_engine.events", "something of ours"),
        ("broken.py", "import time", "import time\nfrom . import fixed", "something of ours"),
        ("broken.py", "import time", "import time\nimport psutil", "imports psutil"),
        ("broken.py", "import time", "import time" + "\n" * 20, "lines, more than 60"),
        ("broken.py", "import time", "import time" + "\ntime" * 15, "51 lines of code"),
        ("broken.py", '"--pace"', '"--speed"', "does not know the parameter pace"),
        ("broken.py", '"--pace"', '"--speed"', "option speed is no parameter"),
        ("broken.py", "default=0.4", "default=0.5", "default of pace is 0.5, in scenario.toml 0.4"),
        ("broken.py", '"""Four', 'None; """Four', "no docstring"),
        ("scenario.toml", "shows = 'lost: 0$'", "shows = ''", "does not say what its output shows"),
        ("lesson.en.md", "# Race condition\n", "# Races\n", "begins with '# Races'"),
        ("lesson.zh.md", "## 取舍", "## 得失", "sections missing: 取舍"),
        ("lesson.en.md", "## When to use", "## Aside\n\nMore.\n\n## When to use", "wrong order or too many"),
        ("lesson.en.md", "naturally, in", "in", "does not say that the effect comes about 'naturally'"),
        ("lesson.en.md", "## Predict", "## Predict\n\nOne more paragraph.", "section 'Predict' has 5"),
        ("lesson.zh.md", "临界区", "那一段", "never says '临界区'"),
        ("lesson.zh.md", "竞态条件", "竞争条件", "'竞争条件' is not our word"),
    ],
)  # fmt: skip
def test_the_checker_refuses(copy: Path, file: str, old: str, new: str, problem: str) -> None:
    assert problem in problems_after(copy, file, old, new)


def test_the_checker_refuses_a_missing_lesson(copy: Path) -> None:
    (copy / "lesson.zh.md").unlink()
    (scenario,) = load_catalogue(copy.parent).scenarios
    assert "lesson.zh.md: there is none" in problems_of(scenario, GLOSSARY)


def test_the_checker_refuses_an_empty_section(copy: Path) -> None:
    path = copy / "lesson.zh.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("## 取舍")] + "## 取舍\n\n待写。\n", encoding="utf-8")
    (scenario,) = load_catalogue(copy.parent).scenarios
    assert "lesson.zh.md: section '取舍' says next to nothing" in problems_of(scenario, GLOSSARY)


def test_the_checker_refuses_a_stray_program(copy: Path) -> None:
    shutil.copy(copy / "fixed.py", copy / "other.py")
    (scenario,) = load_catalogue(copy.parent).scenarios
    assert "other.py is no program and no module of scenario.toml" in problems_of(scenario, GLOSSARY)


@pytest.mark.parametrize(
    ("imported", "module", "problems"),
    [
        ("import shelf", '"""Bread."""', []),
        ("import time", '"""Bread."""', ["shelf.py: no program imports it"]),
        ("import shelf", "", ["shelf.py: no docstring"]),
        ("import shelf", '"""Bread."""\nimport psutil', ["shelf.py: imports psutil, which is not in the"]),
        ("import shelf", '"""Bread."""\n' + "1\n" * 80, ["shelf.py: 81 lines of code, more than 80"]),
    ],
)
def test_a_module_beside_the_programs(copy: Path, imported: str, module: str, problems: list[str]) -> None:
    (copy / "shelf.py").write_text(module + "\n", encoding="utf-8")
    text = (copy / "scenario.toml").read_text(encoding="utf-8")
    (copy / "scenario.toml").write_text('modules = ["shelf.py"]\n' + text, encoding="utf-8")
    found = problems_after(copy, "broken.py", "import time\n", f"import time\n{imported}\n").splitlines()
    assert len(found) == len(problems)
    assert all(each.startswith(start) for each, start in zip(found, problems, strict=True)), found


def test_a_package_may_be_imported_that_the_scenario_says_it_needs(copy: Path) -> None:
    text = (copy / "scenario.toml").read_text(encoding="utf-8")
    (copy / "scenario.toml").write_text('needs = ["aiohttp"]\n' + text, encoding="utf-8")
    assert problems_after(copy, "broken.py", "import time\n", "import time\nimport aiohttp\n") == ""


def test_the_checker_refuses_a_name_of_the_standard_library(copy: Path) -> None:
    (copy / "broken.py").rename(copy / "queue.py")
    problems = problems_after(copy, "scenario.toml", 'file = "broken.py"', 'file = "queue.py"')
    assert "queue.py: its name hides a module" in problems


def test_everyday_words_say_nothing_about_the_translation(copy: Path) -> None:
    (scenario,) = load_catalogue(copy.parent).scenarios
    assert problems_of(scenario, (Term("money", "金钱", (), everyday=True),)) == []
    assert problems_of(scenario, (Term("money", "金钱", (), everyday=False),)) == [
        "lesson.en.md says 'money', lesson.zh.md never says '金钱'"
    ]
