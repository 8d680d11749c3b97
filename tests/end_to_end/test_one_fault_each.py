"""Programs with one fault each, which their first line names: that is found, and nothing else."""

import tomllib
from pathlib import Path

import pytest

from syncscope_engine.headless import run_headless
from syncscope_engine.phrases import FOLDER
from syncscope_engine.session import Options, Target

PROGRAMS = sorted((Path(__file__).parent / "sick").glob("*.py"))
EXPECTS = "# expects: "


def fault_of(program: Path) -> str:
    first = program.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(EXPECTS), program.name
    return first.removeprefix(EXPECTS)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_the_fault_and_nothing_else(program: Path) -> None:
    report = run_headless(Target(program.name, program), Options(stdin="closed", timeout_s=60))
    assert [finding["kind"] for finding in report["findings"]] == [fault_of(program)], report["findings"]
    (finding,) = report["findings"]
    assert finding["tasks"] or finding["resources"]
    assert finding["evidence"]
    assert report["outcome"] in ("finished", "stuck")


def test_every_fault_that_has_a_name_has_a_program() -> None:
    words = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
    assert {fault_of(program) for program in PROGRAMS} == words["finding"].keys()
