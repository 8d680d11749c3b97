"""Two runs of the same program beside each other: what took longer, who waited more, what is wrong only in one.

Made from two reports, see `report`.  Tasks and resources are matched by kind and name, the n-th of a name with
the n-th; what only one run has stands alone.
"""

from typing import Any, NamedTuple

Report = dict[str, Any]


class Pair(NamedTuple):
    """A figure of both runs; None where a run has no such thing."""

    name: str
    left: int | None
    right: int | None

    @property
    def difference(self) -> int:
        return (self.right or 0) - (self.left or 0)


class Comparison(NamedTuple):
    totals: list[Pair]  # duration_ns, events, wait_ns, n_contended, n_findings, in this order
    waits: list[Pair]  # ns that each task waited, largest difference first
    contention: list[Pair]  # ns of the longest wait for each resource, likewise
    only_left: list[str]  # titles of findings
    only_right: list[str]
    in_both: list[str]


def compare(left: Report, right: Report) -> Comparison:
    reports = (left, right)
    titles = [[finding["title"] for finding in report["findings"]] for report in reports]
    kinds = [{finding["kind"] for finding in report["findings"]} for report in reports]
    return Comparison(
        [
            Pair("duration_ns", left["duration_ns"], right["duration_ns"]),
            Pair("events", left["events"], right["events"]),
            Pair("wait_ns", *(sum(task["wait_ns"] for task in report["tasks"]) for report in reports)),
            Pair("n_contended", *(sum(r["contended"] for r in report["resources"]) for report in reports)),
            Pair("n_findings", *(len(report["findings"]) for report in reports)),
        ],
        _matched(left["tasks"], right["tasks"], "wait_ns"),
        _matched(left["resources"], right["resources"], "max_wait_ns"),
        [title for title, f in zip(titles[0], left["findings"], strict=True) if f["kind"] not in kinds[1]],
        [title for title, f in zip(titles[1], right["findings"], strict=True) if f["kind"] not in kinds[0]],
        [title for title, f in zip(titles[0], left["findings"], strict=True) if f["kind"] in kinds[1]],
    )


def as_json(comparison: Comparison) -> dict[str, Any]:
    def rows(pairs: list[Pair]) -> list[dict[str, Any]]:
        return [{"name": pair.name, "left": pair.left, "right": pair.right} for pair in pairs]

    return {
        "schema": 1,
        "totals": {pair.name: [pair.left, pair.right] for pair in comparison.totals},
        "waits": rows(comparison.waits),
        "contention": rows(comparison.contention),
        "only_left": comparison.only_left,
        "only_right": comparison.only_right,
        "in_both": comparison.in_both,
    }


def _matched(left: list[dict[str, Any]], right: list[dict[str, Any]], figure: str) -> list[Pair]:
    left_figures, right_figures = _figures(left, figure), _figures(right, figure)
    names = dict.fromkeys([*left_figures, *right_figures])
    pairs = [
        Pair(
            name if not n else f"{name} #{n + 1}",
            left_figures.get((kind, name, n)),
            right_figures.get((kind, name, n)),
        )
        for kind, name, n in names
    ]
    pairs = [pair for pair in pairs if pair.left or pair.right]
    return sorted(pairs, key=lambda pair: (-abs(pair.difference), pair.name))


def _figures(rows: list[dict[str, Any]], figure: str) -> dict[tuple[str, str, int], int]:
    found: dict[tuple[str, str, int], int] = {}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row["kind"], row["name"]
        n = seen[key] = seen.get(key, -1) + 1
        found[(*key, n)] = row[figure]
    return found
