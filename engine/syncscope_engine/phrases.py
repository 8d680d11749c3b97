"""Everything the engine says in words, in the language that is asked for.  The words are in `texts/*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .tables import Tables

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("en", "zh")


@cache
def phrases(lang: str) -> Mapping[str, str]:
    """All phrases of a language by their dotted keys; English for a language that we do not speak."""
    path = FOLDER / f"{lang if lang in LANGUAGES else 'en'}.toml"
    flat: dict[str, str] = {}
    _flatten("", tomllib.loads(path.read_text(encoding="utf-8")), flat)
    return flat


def _flatten(prefix: str, table: Mapping[str, object], flat: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}{key}.", value, flat)
        else:
            flat[prefix + key] = str(value)


def say(lang: str, key: str, **values: object) -> str:
    """The phrase `key`, filled in; KeyError when there is none."""
    text = phrases(lang)[key].format_map(values)
    # the quotes bring their own space; the phrases cannot know what they will be filled with
    return text.replace(" 「", "「").replace("」 ", "」") if lang == "zh" else text


def duration(lang: str, ns: int) -> str:
    """`850 ns`, `12 µs`, `340 ms`, `1.2 s`, `2 min 05 s`: as exact as a sentence needs."""
    ns = max(ns, 0)
    for unit, size in (("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)):
        if ns < size * 999.5 or unit == "s":
            break
    if ns >= 60_000_000_000:
        return say(lang, "unit.min", m=ns // 60_000_000_000, s=f"{ns // 1_000_000_000 % 60:02d}")
    value = ns / size
    decimals = 0 if unit == "ns" or value >= 9.95 else 1
    return say(lang, f"unit.{unit}", n=f"{value:.{decimals}f}")


def name_of(lang: str, obj: int, tables: Tables) -> str:
    """A task by its name, a resource by the program's name for it, quoted; a condition's own lock by the
    condition's; a worker of a process pool by its process.  Every process has a MainThread: of a child's, it
    is told whose it is."""
    if obj in tables.tasks:
        info = tables.tasks[obj]
        if info.kind == "thread" and info.name == "MainThread":
            process = tables.tasks.get(info.process)
            if process is not None and process.spawner and not process.serves:
                return say(lang, "name.main_of", thread=info.name, process=process.name)
            info = process if process is not None and process.serves else info
        says_so = info.kind != "process" or "process" in info.name.lower()
        return info.name if says_so else say(lang, "name.process", name=info.name)
    resource = tables.resources.get(obj)
    if resource is not None and resource.part_of and resource.kind in ("lock", "rlock"):
        return say(lang, "name.lock_of", name=tables.resource_name(resource.part_of))
    return say(lang, "name.resource", name=tables.resource_name(obj)) if obj else say(lang, "name.unknown")


def place_of(lang: str, place: int, tables: Tables, with_file: bool = False) -> str:
    """`line 12`, with the file's name when asked for; empty when the place is not known."""
    info = tables.places.get(place)
    if info is None or not info.line:
        return ""
    key = "place.file_line" if with_file else "place.line"
    return say(lang, key, file=Path(info.file).name, line=info.line)


def list_of(lang: str, names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return say(lang, "list.last", rest=say(lang, "list.comma").join(names[:-1]), last=names[-1])
