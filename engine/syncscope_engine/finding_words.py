"""What the texts of the findings about orders, races, waiting and lost exceptions are filled with."""

from pathlib import Path

from . import loop_words
from .detectors.base import Finding
from .phrases import duration, list_of, name_of, place_of, say
from .tables import Tables


def brackets(lang: str, place: str, finding: Finding, tables: Tables) -> str:
    """` (line 12)`, with the file's name when the finding spans several; empty for an unknown place."""
    files = {tables.places[p].file for p in finding.places if p in tables.places}
    text = place_of(lang, int(place), tables, with_file=len(files) > 1)
    return say(lang, "place.brackets", place=text) if text else ""


def count(lang: str, prefix: str, one: str, many: str, n: int) -> str:
    return say(lang, f"{prefix}.{one if n == 1 else many}", n=n)


def values_of(finding: Finding, tables: Tables, lang: str) -> dict[str, object]:
    facts = dict(finding.values)
    match finding.kind:
        case "lock_order_inversion":
            return {"locks": list_of(lang, [name_of(lang, lock, tables) for lock in finding.resources])}
        case "data_race":
            other = name_of(lang, finding.tasks[1], tables) if len(finding.tasks) > 1 else ""
            values: dict[str, object] = {"other": other or say(lang, "finding.data_race.someone.other")}
            for key in ("place", "other_place"):
                values[key] = brackets(lang, facts[key], finding, tables)
            return values
        case "starvation":
            return {
                "place": brackets(lang, facts["place"], finding, tables),
                "times": facts["n"],
                "waited": duration(lang, int(facts["waited_ns"])),
                "median": duration(lang, int(facts["median_ns"])),
            }
        case "oversized_critical_section":
            return {
                "place": brackets(lang, facts["place"], finding, tables),
                "times": facts["n"],
                "time": duration(lang, int(facts["time_ns"])),
                "held": duration(lang, int(facts["held_ns"])),
                "idle": f"{facts['idle']} %",
                "blocked": f"{facts['blocked']} %",
            }
        case "unretrieved_exception":
            return _unretrieved(finding, facts, tables, lang)
        case "blocking_call" | "leaked_task":
            return loop_words.values_of(finding, tables, lang)
    return {}


def edges_of(finding: Finding, tables: Tables, lang: str) -> list[str]:
    """One sentence for each edge of a ring of locks.  See `model.lock_order.Edge`."""
    sentences = []
    for _, value in finding.values:
        task, held, held_place, wanted, place = value.split(",")
        sentences.append(
            say(
                lang,
                "finding.lock_order_inversion.edge.asks",
                task=name_of(lang, int(task), tables),
                held=name_of(lang, int(held), tables) + brackets(lang, held_place, finding, tables),
                wanted=name_of(lang, int(wanted), tables) + brackets(lang, place, finding, tables),
            )
        )
    return sentences


def _unretrieved(finding: Finding, facts: dict[str, str], tables: Tables, lang: str) -> dict[str, object]:
    prefix = f"finding.unretrieved_exception.{finding.variant}"
    n = int(facts["n"])
    task = name_of(lang, (finding.tasks or finding.resources)[0], tables)
    if facts["error"]:
        key = "with_message" if facts["message"] else "bare"
        what = say(lang, f"finding.unretrieved_exception.what.{key}", **facts)
    else:
        what = say(lang, f"{prefix}.unknown")
    return {
        "what": what,
        "n": say(lang, f"{prefix}.{'n_one' if n == 1 else 'n_many'}", n=n, task=task),
        "place": _where(finding, facts, tables, lang),
    }


def _where(finding: Finding, facts: dict[str, str], tables: Tables, lang: str) -> str:
    place = tables.places.get(int(facts["place"]))
    if place is None or not place.line:
        return ""
    where = say(lang, "place.file_line", file=Path(place.file).name, line=place.line)
    return say(lang, "place.brackets", place=where)
