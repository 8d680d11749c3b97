"""The report of a run, and its exit status."""

import json

import pytest

from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Kind, Outcome
from syncscope_engine.report import RunFacts, build_report, exit_status
from tape import MS, Tape


def report_of(tape: Tape, outcome: str = "finished", exit_code: int = 0, lang: str = "en") -> dict:
    analysis = Analysis(tape.recording, live=False)
    analysis.update(tape.now_ns)
    tape.pass_ms(1000)
    analysis.update(tape.now_ns)
    if outcome in ("stuck", "timed_out", "killed"):
        tape.emit(Kind.KILL, 0, tape.process_id, a=9)
    if outcome != "finished":
        tape.exit(tape.process_id, Outcome.FAILED, exit_code)
    analysis.update(tape.now_ns, final=True)
    facts = RunFacts("program.py", outcome, exit_code, tape.now_ns - tape.tables.start_ns)
    report = build_report(facts, tape.recording, analysis, lang)
    json.dumps(report)
    return report


def stuck_tape() -> tuple[Tape, int, int, int, int]:
    tape = Tape()
    t1, t2 = tape.thread("T1"), tape.thread("T2")
    a, b = tape.lock("a", line=3), tape.lock("b", line=4)
    tape.acquired(t1, a, line=12)
    tape.acquired(t2, b, line=22)
    tape.acquire(t1, b, line=13)
    tape.acquire(t2, a, line=23)
    return tape, t1, t2, a, b


def test_every_key_of_the_format():
    report = report_of(stuck_tape()[0], "stuck", -9)
    assert list(report) == [
        "schema", "target", "python", "gil", "outcome", "exit_code", "duration_ns", "events", "dropped",
        "sampled", "probe_share", "tasks", "resources", "findings",
    ]  # fmt: skip
    assert list(report["tasks"][0]) == [
        "id", "kind", "name", "parent", "state", "start_ns", "end_ns", "wait_ns", "run_ns", "sleep_ns", "error", "waits_for",
    ]  # fmt: skip
    assert list(report["resources"][0]) == [
        "id", "kind", "name", "file", "line", "acquired", "contended", "max_wait_ns", "owner", "waiters",
    ]  # fmt: skip
    assert list(report["findings"][0]) == [
        "kind", "severity", "title", "explanation", "remedy", "tasks", "resources", "places", "evidence",
        "basis",
    ]  # fmt: skip


def test_a_program_that_we_stopped_is_told_as_it_was_before():
    tape, t1, t2, a, b = stuck_tape()
    report = report_of(tape, "stuck", -9)
    tasks = {task["id"]: task for task in report["tasks"]}
    locks = {resource["id"]: resource for resource in report["resources"]}
    assert (tasks[t1]["state"], tasks[t1]["waits_for"], tasks[t1]["end_ns"]) == ("blocked", b, 0)
    assert tasks[t1]["wait_ns"] == pytest.approx(1000 * MS, rel=0.01), "the wait that is still on counts"
    assert (locks[a]["owner"], locks[a]["waiters"], locks[a]["line"]) == (t1, [t2], 3)
    assert locks[a]["max_wait_ns"] == pytest.approx(1000 * MS, rel=0.01)
    assert exit_status(report) == 1


def test_a_clean_run_times_since_the_start_and_resources_that_were_never_used():
    tape = Tape()
    t1 = tape.thread("T1")
    tape.lock("unused")
    tape.exit(t1)
    tape.exit(tape.main)
    tape.exit(tape.process_id)
    report = report_of(tape)
    assert exit_status(report) == 0
    assert [task["state"] for task in report["tasks"]] == ["done"] * 3
    assert report["tasks"][2]["start_ns"] == 5000
    assert (report["resources"][0]["name"], report["resources"][0]["acquired"]) == ("unused", 0)


def test_the_share_of_the_probes_never_exceeds_one():
    tape = Tape()
    tape.tables.cost_ns = 500
    assert report_of(tape)["probe_share"] == pytest.approx(3 * 500 / 1_000_003_000, rel=0.01)
    tape = Tape()
    tape.tables.cost_ns = 10**12
    tape.recording.dropped = 10
    assert report_of(tape)["probe_share"] == 1.0


def test_an_exception_without_a_known_place_still_names_its_line():
    tape = Tape()
    tape.raised(tape.main, "KeyError", "'x'")
    exceptions = tape.tables.exceptions
    exceptions[0] = exceptions[0].__class__(tape.main, "KeyError", "'x'", (("p.py", 7, "f"),), 0, "main")
    report = report_of(tape, "failed", 1)
    assert report["findings"][0]["places"] == [{"file": "p.py", "line": 7}]
    assert report["tasks"][1]["error"] == "KeyError: 'x'"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_in_both_languages(lang):
    report = report_of(stuck_tape()[0], "stuck", -9, lang)
    assert ("死锁" in report["findings"][0]["title"]) == (lang == "zh")


# exit status


def test_failing_by_its_own_exception_is_3():
    tape = Tape()
    tape.raised(tape.main, "ValueError")
    assert exit_status(report_of(tape, "failed", 1)) == 3


def test_failing_by_its_own_status_is_3():
    assert exit_status(report_of(Tape(), "failed", 3)) == 3


def test_killed_by_a_signal_is_3():
    report = report_of(Tape(), "failed", -11)
    assert [finding["kind"] for finding in report["findings"]] == ["crashed_process"]
    assert exit_status(report) == 3


def test_failing_with_another_error_is_1():
    tape = Tape()
    counter = tape.variable()
    tape.write(tape.main, counter, stale=True)
    tape.raised(tape.main, "ValueError")
    assert exit_status(report_of(tape, "failed", 1)) == 1


def test_an_exception_in_a_thread_of_a_program_that_finishes_is_1():
    tape = Tape()
    tape.raised(tape.thread("T1"), "ValueError")
    assert exit_status(report_of(tape)) == 1


def test_a_crashed_child_is_1_even_if_the_program_fails_of_it():
    tape = Tape()
    tape.exit(tape.process("worker"), Outcome.FAILED, status=-9)
    tape.raised(tape.main, "BrokenProcessPool")
    assert exit_status(report_of(tape, "failed", 1)) == 1


def test_out_of_time_is_4_and_with_an_error_1():
    assert exit_status(report_of(Tape(), "timed_out", -2)) == 4
    tape = Tape()
    tape.write(tape.main, tape.variable(), stale=True)
    assert exit_status(report_of(tape, "timed_out", -2)) == 1


def test_stopped_by_its_user_is_3():
    assert exit_status(report_of(Tape(), "killed", -2)) == 3
