"""Every program does what its scenario says under bare Python, on every version that is installed."""

import re
import sys
from pathlib import Path

import pytest

from syncscope.catalogue import Program, Scenario, load_catalogue

from .bare import BareRun, problems_of_run, run_bare
from .interpreters import VERSIONS, find, has

CATALOGUE = load_catalogue()
PROGRAMS = [
    pytest.param(scenario, program, id=f"{scenario.id}:{program.id}")
    for scenario in CATALOGUE.scenarios
    for program in scenario.programs
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("scenario", "program"), PROGRAMS)
def test_program_runs_bare(scenario: Scenario, program: Program, version: str) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no working python{version} on PATH")
    for package in scenario.needs:
        if not has(python, package):
            pytest.skip(f"{python} has no {package}")
    run = run_bare(python, scenario, program)
    assert problems_of_run(program, run) == []
    for question in scenario.questions:
        if question.program == program.id and question.output:
            number = re.findall(question.output, run.output, re.MULTILINE)[-1]
            assert float(number) >= 0


@pytest.mark.parametrize(("scenario", "program"), [each for each in PROGRAMS if each.values[0].needs])
def test_a_missing_package_is_said_in_one_sentence(
    scenario: Scenario, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in scenario.needs:
        (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError(name={package!r})\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run = run_bare(sys.executable, scenario, program)
    assert (run.exit_code, run.stdout) == (1, "")
    (sentence,) = run.stderr.splitlines()
    assert all(package in sentence for package in scenario.needs)


def program_of(program: Program, **changes: object) -> Program:
    fields = {name: getattr(program, name) for name in Program.__slots__} | changes
    return Program(**fields)


PROGRAM = CATALOGUE.find("race_condition:broken")[1]


@pytest.mark.parametrize(
    ("run", "changes", "problem"),
    [
        (BareRun(True, 0, "lost: 0", ""), {}, "its output does not match 'lost: [1-9]'"),
        (BareRun(True, 1, "lost: 10", ""), {}, "exit status 1"),
        (BareRun(False, 0, "lost: 10", ""), {}, "it did not end"),
        (BareRun(True, 0, "lost: 10", ""), {"ends": False}, "it ended"),
        (BareRun(True, 0, "lost: 10", "oh"), {"role": "fixed"}, "it wrote to standard error"),
    ],
)
def test_the_checker_refuses_a_run(run: BareRun, changes: dict[str, object], problem: str) -> None:
    (found,) = problems_of_run(program_of(PROGRAM, **changes), run)
    assert found.startswith(problem)


def test_the_checker_refuses_a_program_that_fails_bare(tmp_path) -> None:
    path = tmp_path / "fails.py"
    path.write_text("raise SystemExit(3)\n")
    scenario, program = CATALOGUE.find("race_condition:broken")
    run = run_bare(find("3.11") or find("3.12") or find("3.13"), scenario, program_of(program, path=path))
    assert (run.ended, run.exit_code) == (True, 3)


def test_the_checker_tells_a_program_that_waits_for_ever(tmp_path) -> None:
    path = tmp_path / "waits.py"
    path.write_text("import threading\nprint('waiting')\nthreading.Event().wait()\n")
    scenario, program = CATALOGUE.find("race_condition:broken")
    python = find("3.11") or find("3.12") or find("3.13")
    run = run_bare(python, scenario, program_of(program, path=path, ends=False))
    assert (run.ended, run.stdout) == (False, "waiting\n")
