"""Texts of the screens in English and Chinese: `t("catalogue.title")`.

The texts are in `locale/<language>/<group>.toml`; the part of a key before the first dot is the file, the rest
the path in it.  `{name}` is filled from the values.  A text that depends on a count is a table with `one` and
`other`, chosen by the value `n`.
"""

import locale
import tomllib
from collections.abc import Mapping
from functools import cache
from os import environ
from pathlib import Path
from typing import Literal, cast, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FOLDER = Path(__file__).parent / "locale"


class MissingTextError(KeyError):
    """A key that no text has, or a value that a text asks for and did not get (strict mode only)."""


@cache
def texts(language: Language, group: str) -> Mapping[str, str]:
    """Every text of one file by its key without the group; empty when there is no such file."""
    path = FOLDER / language / f"{group}.toml"
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    flat: dict[str, str] = {}
    _flatten(tree, "", flat)
    return flat


def _flatten(tree: Mapping[str, object], prefix: str, into: dict[str, str]) -> None:
    for name, value in tree.items():
        if isinstance(value, dict):
            _flatten(cast("Mapping[str, object]", value), f"{prefix}{name}.", into)
        else:
            into[prefix + name] = str(value)


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that the locale asks for; English unless it is Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


class _Current:
    language: Language = language_of(environ)
    strict = False


def language() -> Language:
    return _Current.language


def set_language(name: Language) -> None:
    if name not in LANGUAGES:
        raise ValueError(f"no such language: {name}")
    _Current.language = name


def be_strict(strict: bool = True) -> None:
    """In tests a missing text is an error; for a user it is English, or the key itself."""
    _Current.strict = strict


def t(key: str, /, **values: object) -> str:
    """The text of `key` in the current language."""
    template = _find(_Current.language, key, values)
    if template is None:
        if _Current.strict:
            raise MissingTextError(f"{key} ({_Current.language})")
        template = _find("en", key, values)
        if template is None:
            return f"[{key}]"
    if not values:
        return template
    try:
        return template.format_map(values)
    except (KeyError, ValueError, IndexError) as error:
        if _Current.strict:
            raise MissingTextError(f"{key} ({_Current.language}): {error!r}") from error
        return template


def has(key: str) -> bool:
    """Whether `key` is a text, in the current language or in English."""
    return _find(_Current.language, key, {}) is not None or _find("en", key, {}) is not None


def _find(language: Language, key: str, values: Mapping[str, object]) -> str | None:
    group, _, name = key.partition(".")
    found = texts(language, group)
    if name in found:
        return found[name]
    # Chinese has one form, and then its table needs no `one`
    form = ".one" if values.get("n") == 1 and name + ".one" in found else ".other"
    return found.get(name + form)


def utf8(environment: Mapping[str, str] = environ) -> bool:
    """Whether the locale says that the terminal understands UTF-8."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := environment.get(name):
            return "utf-8" in value.lower() or "utf8" in value.lower()
    return locale.getpreferredencoding(False).lower().replace("-", "") == "utf8"
