"""What the texts of the findings about event loops are filled with."""

from .detectors.base import Finding
from .model.waits import reason_key
from .phrases import duration, list_of, name_of, place_of, say
from .tables import Tables

_MOST_PLACES = 3


def values_of(finding: Finding, tables: Tables, lang: str) -> dict[str, object]:
    return (_leaked if finding.kind == "leaked_task" else _blocking)(finding, tables, lang)


def _place(lang: str, place: int, finding: Finding, tables: Tables) -> str:
    files = {tables.places[p].file for p in finding.places if p in tables.places}
    return place_of(lang, place, tables, with_file=len(files) > 1)


def _in_brackets(lang: str, text: str) -> str:
    return say(lang, "place.brackets", place=text) if text else ""


def _blocking(finding: Finding, tables: Tables, lang: str) -> dict[str, object]:
    facts = dict(finding.values)
    prefix = "finding.blocking_call.words"
    task = name_of(lang, finding.tasks[0], tables)
    n_more = int(facts["n_waiting"]) - 1
    if len(finding.tasks) < 2:
        one = n_more == 0
        waiting = say(lang, f"{prefix}.{'someone' if one else 'several'}", n=n_more + 1)
    else:
        waiting = name_of(lang, finding.tasks[1], tables)
        if n_more > 0:
            waiting = say(
                lang, f"{prefix}.{'and_one' if n_more == 1 else 'and_more'}", waiting=waiting, n=n_more
            )
    kind, obj, n, waits = int(facts["kind"]), int(facts["obj"]), int(facts["n"]), finding.variant == "waits"
    where = _where(lang, int(facts["after"]), int(facts["place"]), finding, tables)
    reason = say(lang, f"wait.{_reason(kind, obj, tables)}", obj=name_of(lang, obj, tables)) if waits else ""
    return {
        "who": say(lang, f"{prefix}.callback", task=task) if facts["callback"] == "1" else task,
        "held": duration(lang, int(facts["held_ns"])),
        "spent": duration(lang, int(facts["spent_ns"])),
        "place": where,
        "waiting": waiting,
        "reason": reason,
        "times": say(lang, f"{prefix}.times", n=n) if n > 1 else "",
    }


def _where(lang: str, after: int, place: int, finding: Finding, tables: Tables) -> str:
    first, last = _place(lang, after, finding, tables), _place(lang, place, finding, tables)
    if not after:
        return _in_brackets(lang, last)
    key = "between" if place and place != after else "after"
    return _in_brackets(lang, say(lang, f"finding.blocking_call.words.{key}", first=first, last=last))


def _reason(kind: int, obj: int, tables: Tables) -> str:
    """Which phrase of `wait`; that of a barrier says how many are there, which nobody knows afterwards."""
    key = reason_key(kind, obj, 0, tables)
    return "lock" if key == "barrier" else key


def _leaked(finding: Finding, tables: Tables, lang: str) -> dict[str, object]:
    prefix = "finding.leaked_task.words"
    n = int(dict(finding.values)["n"])
    task, is_task = name_of(lang, finding.tasks[0], tables), finding.variant == "destroyed"
    places = [_place(lang, place, finding, tables) for place in finding.places[:_MOST_PLACES]]
    info = tables.places.get(finding.places[0]) if finding.places else None
    return {
        "task": say(lang, f"{prefix}.tasks", task=task, n=n - 1) if is_task and n > 1 else task,
        "place": _in_brackets(lang, list_of(lang, [place for place in places if place])),
        "coroutine": info.function
        if info is not None and info.function
        else say(lang, f"{prefix}.coroutine"),
        "times": say(lang, f"{prefix}.times", n=n) if n > 1 else "",
    }
