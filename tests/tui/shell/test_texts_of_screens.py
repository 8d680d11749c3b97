"""The texts of the screens: complete in both languages, and every key that the code names is a text."""

import ast
import re
import string
from pathlib import Path

import pytest

from syncscope import i18n
from syncscope.i18n import FOLDER, LANGUAGES, MissingTextError, t, texts

SOURCES = sorted(FOLDER.parent.rglob("*.py"))
GROUPS = sorted(path.stem for path in (FOLDER / "en").glob("*.toml"))


def all_texts(language: i18n.Language) -> dict[str, str]:
    return {f"{group}.{name}": text for group in GROUPS for name, text in texts(language, group).items()}


def named(key: str) -> str:
    """Without the form of a number: Chinese has one, English has two."""
    return key.removesuffix(".one").removesuffix(".other")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_same_groups() -> None:
    assert sorted(path.stem for path in (FOLDER / "zh").glob("*.toml")) == GROUPS


def test_same_keys() -> None:
    english, chinese = ({named(key) for key in all_texts(language)} for language in LANGUAGES)
    assert english == chinese


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_empty_text(language: i18n.Language) -> None:
    assert [key for key, text in all_texts(language).items() if not text.strip()] == []


def test_same_placeholders() -> None:
    of: dict[str, dict[str, set[str]]] = {}
    for language in LANGUAGES:
        for key, text in all_texts(language).items():
            of.setdefault(named(key), {}).setdefault(language, set()).update(placeholders(text))
    # "1 scenario" needs no number in a form of its own
    assert {key: each for key, each in of.items() if each["en"] - {"n"} != each["zh"] - {"n"}} == {}


def test_chinese_is_chinese() -> None:
    """What has words but no Chinese character was forgotten, or is a name."""
    names = {"keys.language", "commands.language_en", "run.kind.future"}
    without = {
        key
        for key, text in all_texts("zh").items()
        if not re.search("[\u4e00-\u9fff]", text) and re.search("[a-z]{4}", re.sub("{.*?}", "", text))
    }
    assert without <= names


def test_chinese_quotes_are_of_one_width() -> None:
    assert [key for key, text in all_texts("zh").items() if re.search("[“”‘’]", text)] == []


def used_in(path: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys that a module names outright, and patterns of those that it puts together."""
    keys: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id == "t":
            for part in branches(node.args[0]):
                if isinstance(part, ast.Constant):
                    keys.add(part.value)
                elif isinstance(part, ast.JoinedStr):
                    patterns.append(pattern(part))
        if node.func.id == "Binding" and len(node.args) > 2:
            described = node.args[2]
            if isinstance(described, ast.Constant):
                keys.add(described.value)
            elif isinstance(described, ast.JoinedStr):
                patterns.append(pattern(described))
    return keys, patterns


def branches(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [*branches(node.body), *branches(node.orelse)]
    return [node]


def pattern(node: ast.JoinedStr) -> re.Pattern[str]:
    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "[a-z_0-9]+" for p in node.values]
    return re.compile("".join(parts))


def test_every_key_that_the_code_names_is_a_text() -> None:
    known = {named(key) for key in all_texts("en")}
    missing = []
    n_keys = 0
    for path in SOURCES:
        keys, patterns = used_in(path)
        n_keys += len(keys)
        missing += [f"{path.name}: {key}" for key in sorted(keys) if key not in known]
        missing += [
            f"{path.name}: {each.pattern}" for each in patterns if not any(map(each.fullmatch, known))
        ]
    assert missing == []
    assert n_keys > 100  # the search itself works


def test_every_text_is_used() -> None:
    """By its whole name, or by one that is put together, somewhere in the code."""
    unused = {named(key) for key in all_texts("en")}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                unused.discard(node.value)
            elif isinstance(node, ast.JoinedStr) and starts_with_a_group(node):
                unused -= {key for key in unused if pattern(node).fullmatch(key)}
    assert unused == set()


def starts_with_a_group(node: ast.JoinedStr) -> bool:
    first = node.values[0]
    return isinstance(first, ast.Constant) and str(first.value).partition(".")[0] in GROUPS


def test_numbers_choose_the_form() -> None:
    assert t("catalogue.count", n=1) == "1 scenario"
    assert t("catalogue.count", n=6) == "6 scenarios"
    i18n.set_language("zh")
    assert t("catalogue.count", n=1) == "1 个场景"


def test_missing_text_is_loud_in_tests_and_quiet_for_users() -> None:
    with pytest.raises(MissingTextError):
        t("catalogue.nonsense")
    with pytest.raises(MissingTextError):
        t("catalogue.count", m=1)
    i18n.be_strict(False)
    assert t("catalogue.nonsense") == "[catalogue.nonsense]"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
    ],
)
def test_language_of_the_locale(environment: dict[str, str], language: str) -> None:
    assert i18n.language_of(environment) == language
