"""Watched, every program gives exactly the findings that its scenario promises, on every installed version.

Each run is recorded too, and its recording, judged again, gives the same report.
"""

import re
from pathlib import Path

import pytest

from syncscope.catalogue import Program, Scenario, load_catalogue
from syncscope.targets import scenario_target
from syncscope_engine.headless import run_headless
from syncscope_engine.recording import Recording
from syncscope_engine.replay import analyse
from syncscope_engine.report import RunFacts, build_report
from syncscope_engine.session import Options

from .interpreters import VERSIONS, find, has

CATALOGUE = load_catalogue()
PROGRAMS = [
    pytest.param(scenario, program, id=f"{scenario.id}:{program.id}")
    for scenario in CATALOGUE.scenarios
    for program in scenario.programs
]
BLAMED = {  # program -> a line that its finding must point at
    "race_condition:broken": "balance = before + 10",
    "lock:wrong_lock": "stock = left - 1",
    "lock:too_wide": "time.sleep(pace)  # walk",
    "producer_consumer:broken_if": "loaf = self.loaves.popleft()",
    "producer_consumer:broken_lost_wakeup": "self.bell.wait()",
    "semaphore:broken_release": "points.release()",
    "timeout_and_cancel:swallowed": "await",
    "gather_errors:default": "asyncio.create_task(",
    "deadlock:broken": "with second:",
    "future_errors:swallowed": "helpers.submit(post",
    "process_queue:join_hang": "picker.join()",
    "shared_memory:unlocked": "done.value = before + 1",
    "crash_isolation:process": "",  # killed from outside: no line of the program did it
    "crash_isolation:thread_exception": "raise ValueError",
}
ACTORS = {  # program -> pattern of the names of all tasks in its findings
    "race_condition:broken": r"cashier-\d",
    "lock:wrong_lock": r"packer-\d",
    "lock:too_wide": r"packer-\d",
    "producer_consumer:broken_if": r"seller-\d",
    "producer_consumer:broken_lost_wakeup": r"seller-\d|baker|MainThread",
    "semaphore:broken_release": r"car-\d",
    "timeout_and_cancel:swallowed": r"download-3|Task-1",
    "gather_errors:default": r"stocks",
    "deadlock:broken": r"Anna|Ben",
    "future_errors:swallowed": r"MainThread",
    "process_queue:join_hang": r"MainThread|QueueFeederThread",
    "shared_memory:unlocked": r"MainThread",
    "crash_isolation:process": r"ForkProcess-\d+|SpawnProcess-\d+|ForkServerProcess-\d+",
    "crash_isolation:thread_exception": r"worker-\d",
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("scenario", "program"), PROGRAMS)
def test_findings(scenario: Scenario, program: Program, version: str, tmp_path: Path) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no working python{version} on PATH")
    for package in scenario.needs:
        if not has(python, package):
            pytest.skip(f"{python} has no {package}")
    output: list[str] = []
    report = run_headless(
        scenario_target(scenario, program, program.quick),
        Options(python=python, timeout_s=60, record=tmp_path / "run.scope"),
        on_output=lambda piece: output.append(piece.text),
    )
    assert {finding["kind"] for finding in report["findings"]} == set(program.expects), report["findings"]
    assert report["outcome"] == ("finished" if program.ends else "stuck")
    assert report["dropped"] == 0
    assert re.search(program.shows, "".join(output), re.MULTILINE), output

    recording = Recording.open(tmp_path / "run.scope")
    assert not recording.damage
    replayed = build_report(RunFacts.recorded(recording), recording, analyse(recording))
    assert replayed == report
    assert "".join(piece.text for piece in recording.outputs) == "".join(output)

    name = f"{scenario.id}:{program.id}"
    lines = program.path.read_text(encoding="utf-8").splitlines()
    tasks = {task["id"]: task["name"] for task in report["tasks"]}
    for finding in report["findings"]:
        blamed = [lines[place["line"] - 1] for place in finding["places"] if _is(place["file"], program.path)]
        assert not BLAMED[name] or any(BLAMED[name] in line for line in blamed), blamed
        assert all(re.fullmatch(ACTORS[name], tasks[task]) for task in finding["tasks"]), finding
        assert finding["tasks"]
        assert finding["evidence"]


def test_every_expected_finding_has_a_line_to_blame() -> None:
    expecting = {
        f"{scenario.id}:{program.id}"
        for scenario in CATALOGUE.scenarios
        for program in scenario.programs
        if program.expects
    }
    assert set(BLAMED) == set(ACTORS) == expecting


def _is(file: str, path: Path) -> bool:
    return Path(file).resolve() == path.resolve()
