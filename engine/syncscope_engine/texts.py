"""What the engine says to a person: phrases by key, and findings in full.

The words themselves are in `texts/*.toml`; `phrases` reads them.
"""

from dataclasses import dataclass
from pathlib import Path

from .detectors.base import Finding
from .finding_words import brackets, count, edges_of, values_of
from .model.waits import reason_key
from .phrases import LANGUAGES, duration, list_of, name_of, say
from .tables import Tables

__all__ = ["LANGUAGES", "FindingText", "duration", "finding_text", "say"]

_SIGSEGV_LIKE = frozenset({"SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL"})


@dataclass(frozen=True, slots=True)
class FindingText:
    title: str
    explanation: str
    remedy: str


def finding_text(finding: Finding, tables: Tables, lang: str) -> FindingText:
    """What is wrong, why, and how to mend it."""
    values = _values(finding, tables, lang)
    prefix = f"finding.{finding.kind}.{finding.variant}"
    title, explanation, remedy = (
        say(lang, f"{prefix}.{part}", **values) for part in ("title", "explanation", "remedy")
    )
    if finding.kind == "deadlock":
        edges = [_edge(value, finding, tables, lang) for key, value in finding.values if key == "edge"]
        explanation = "\n".join([*edges, explanation])
    elif finding.kind == "lock_order_inversion":
        explanation = "\n".join([*edges_of(finding, tables, lang), explanation])
    return FindingText(title, explanation, remedy)


def _values(finding: Finding, tables: Tables, lang: str) -> dict[str, object]:
    """What the texts of a kind are filled with."""
    facts = dict(finding.values)
    names = [name_of(lang, task, tables) for task in finding.tasks]
    resource = name_of(lang, finding.resources[0], tables) if finding.resources else ""
    values: dict[str, object] = {"task": names[0] if names else "", "resource": resource}
    match finding.kind:
        case "deadlock":
            values["tasks"] = list_of(lang, names)
        case "lost_wakeup":
            values["tasks"], values["notifier"] = list_of(lang, names[:-1]), names[-1]
            for key in ("notify_place", "wait_place"):
                values[key] = brackets(lang, facts[key], finding, tables)
        case "lost_update":
            values["other"] = names[1] if len(names) > 1 else say(lang, "finding.lost_update.lost.someone")
            for key in ("place", "other_place"):
                values[key] = brackets(lang, facts[key], finding, tables)
            times = count(lang, "finding.lost_update.lost", "once", "times", int(facts["n"]))
            if facts["at_least"]:
                times = say(lang, "finding.lost_update.lost.at_least", times=times)
            values["times"] = times
        case "unbounded_release":
            values["place"] = brackets(lang, facts["place"], finding, tables)
            values["capacity"] = facts["capacity"]
            values["excess"] = count(
                lang, "finding.unbounded_release.excess", "permit_one", "permit_many", int(facts["excess"])
            )
        case "swallowed_cancellation":
            requester = names[1] if len(names) > 1 else ""
            key = "finding.swallowed_cancellation.swallowed.requested_by"
            values["requester"] = say(lang, key, task=requester) if requester else ""
            values["place"] = brackets(lang, facts["place"], finding, tables)
        case "uncaught_exception":
            key = "with_message" if facts["message"] else "bare"
            values["error"] = facts["error"]
            values["what"] = say(lang, f"finding.uncaught_exception.what.{key}", **facts)
            line = facts["line"] != "0"
            where = say(lang, "place.file_line", file=Path(facts["file"]).name, line=facts["line"])
            values["place"] = say(lang, "place.brackets", place=where) if line else ""
        case "crashed_process":
            signal = facts["signal"]
            hint = "memory" if signal in _SIGSEGV_LIKE else "kill" if signal == "SIGKILL" else "other"
            values["hint"] = say(lang, f"finding.crashed_process.hint.{hint}")
            values |= {"signal": signal, "status": facts["status"]}
        case _:
            values |= values_of(finding, tables, lang)
    return values


def _edge(value: str, finding: Finding, tables: Tables, lang: str) -> str:
    """One task of a deadlock: what it holds, what it waits for.  See `detectors.deadlock.Edge`."""
    task, held, held_place, wanted, place, kind = (int(number) for number in value.split(","))
    where = brackets(lang, str(place), finding, tables)
    names = {
        "task": name_of(lang, task, tables),
        "held": name_of(lang, held, tables) + brackets(lang, str(held_place), finding, tables),
        "wanted": name_of(lang, wanted, tables) + where,
    }
    info, runs = tables.tasks.get(task), tables.resources.get(held)
    if not wanted:
        key = "waits_several"
    elif wanted not in tables.tasks:
        key = "holds_and_waits" if held else "waits"
        reason = f"wait.{reason_key(kind, wanted, 0, tables)}"
        if not held and reason != "wait.barrier":
            names["reason"] = say(lang, reason, obj=name_of(lang, wanted, tables)) + where
            key = "reason"
        elif runs is not None and runs.kind == "future":
            names["reason"] = say(lang, reason, obj=name_of(lang, wanted, tables)) + where
            key = "runs_and_waits"
    elif not kind:
        key = "ends_with"
    elif info is not None and info.kind == "asyncio" and info.parent == wanted:
        key = "carried"
    else:
        key = "holds_and_waits_for_end" if held else "waits_for_end"
    return say(lang, f"finding.deadlock.edge.{key}", **names)
