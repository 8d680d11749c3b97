"""What came of an exploration as one JSON object."""

from typing import Any

from .verdict import Explored

FORMAT = 1


def build_report(explored: Explored) -> dict[str, Any]:
    request = explored.request
    return {
        "format": FORMAT,
        "target": explored.label,
        "python": explored.python,
        "verdict": explored.verdict.value,
        "reason": explored.reason,
        "assumptions": explored.assumptions(),
        "strategy": request.strategy,
        "granularity": request.granularity,
        "time_limits": request.time_limits,
        "asyncio_order": request.asyncio_order,
        "seed": request.seed,
        "bound": request.bound if request.strategy == "bounded" else None,
        "depth": request.depth if request.strategy == "pct" else None,
        "jobs": request.jobs,
        "orders": explored.runs,
        "cut": explored.cut,
        "distinct": explored.distinct or (explored.runs if request.strategy == "dpor" else None),
        "new_order_chance": explored.new_order_chance,
        "share": explored.share,
        "steps": explored.steps,
        "longest": explored.longest,
        "seconds": round(explored.seconds, 3),
        "per_second": round(explored.per_second, 1),
        "unfinished": explored.unfinished,
        "warnings": explored.warnings,
        "divergence": explored.divergence,
        "endings": [
            {"how": ending.how, "detail": ending.detail, "file": ending.file, "line": ending.line}
            for ending in explored.endings
        ],
        "failures": [failure_report(failure) for failure in explored.failures],
    }


def failure_report(failure: dict[str, Any]) -> dict[str, Any]:
    report = {
        name: value for name, value in failure.items() if name not in ("kind", "pending", "names", "steps")
    }
    report["tasks"] = {int(number): name for number, name in failure["names"].items()}
    report["steps"] = [step_report(step) for step in failure["steps"]]
    report["waiting"] = [step_report(step) for step in failure["pending"].values()]
    return report


def step_report(step: list[Any]) -> dict[str, Any]:
    task, operation, what, file, line = step
    return {"task": task, "operation": operation, "what": what, "file": file, "line": line}
