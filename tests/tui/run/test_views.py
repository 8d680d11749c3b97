"""Header, tabs, source, cores, findings, story, detail: rendered bare."""

import pytest

from syncscope import i18n
from syncscope.look import Look
from syncscope.renderables.cores import CoresView
from syncscope.renderables.detail import Standing, detail_lines
from syncscope.renderables.findings import FindingsView, Told
from syncscope.renderables.header import Facts, header
from syncscope.renderables.mode import Mode, mode_of
from syncscope.renderables.source import SourceView, colour, heading, marks_in
from syncscope.renderables.story import StoryWindow, spoken_after
from syncscope.renderables.tabs import Tab, tab_line, tab_spans
from syncscope_engine.detectors.base import Finding
from syncscope_engine.events import Event
from syncscope_engine.model.state import Run

from .scene import Scene

CODE = "import threading\n\n" + "".join(f"def work_{n}():  # comment\n    return {n}\n" for n in range(25))


# mode and header


@pytest.mark.parametrize(
    ("status", "outcome", "code", "stuck", "words"),
    [
        ("starting", None, None, False, "starting"),
        ("running", None, None, False, "live"),
        ("running", None, None, True, "stuck: nobody can go on"),
        ("paused", None, None, False, "paused"),
        ("ended", "finished", 0, False, "ended"),
        ("ended", "failed", 3, False, "ended with exit status 3"),
        ("ended", "failed", -11, False, "crashed: SIGSEGV"),
        ("ended", "failed", -99, False, "crashed: signal 99"),
        ("ended", "killed", -2, False, "stopped"),
        ("ended", "killed", -2, True, "stuck, then stopped"),
        ("ended", "stuck", -9, True, "stuck, then stopped"),
        ("ended", "timed_out", -15, False, "stopped: time limit"),
    ],
)
def test_the_mode_in_words(
    status: str, outcome: str | None, code: int | None, stuck: bool, words: str
) -> None:
    assert mode_of(status, outcome, code, stuck).text() == words


def test_the_header_keeps_mode_and_clock_when_there_is_no_room() -> None:
    facts = Facts(Mode("live"), 3_420_000_000, 12_345, 0, 0, 0.008)
    wide = header("Lock: too wide", "lock:too_wide", facts, Look(), 120).text
    assert "Lock: too wide · lock:too_wide" in wide
    assert "● live  3.4 s" in wide
    assert "12,345 events" in wide
    assert "probes 0.8 %" in wide
    narrow = header("Lock: too wide", "lock:too_wide", facts, Look(), 30).text
    assert narrow.rstrip().endswith("● live  3.4 s")


def test_what_our_probes_cost_is_said_as_an_estimate_where_it_matters() -> None:
    line = header("Program", "", Facts(Mode("live"), 0, 1_000, probe_share=0.12), Look(), 90).text
    assert "slowed by us: 12 % (estimated)" in line
    line = header("Program", "", Facts(Mode("live"), 0, 1_000, 0, 9_000, 0.12), Look(), 110).text
    assert "slowed by us: 12 % or more (estimated)" in line


def test_losses_come_before_anything_else() -> None:
    facts = Facts(Mode("live"), 0, 1_000, dropped=7, sampled=9_000)
    line = header("Program", "", facts, Look(), 62).text
    assert "7 dropped" in line
    assert "sampled 1 in 10" in line
    assert "events" not in line


# tabs


def test_tabs_lose_their_titles_but_not_their_keys() -> None:
    titles = ("Resources", "Source", "Cores", "Findings", "Output", "Story")
    tabs = [
        Tab(str(n), title, chosen=n == 2, mark=" ✗1" if n == 4 else "") for n, title in enumerate(titles, 1)
    ]
    wide, narrow = tab_line(tabs, Look(), 79), tab_line(tabs, Look(), 40)
    assert "1 Resources" in wide.text
    assert "4 Findings ✗1" in wide.text
    assert narrow.text.split() == ["1", "2", "Source", "3", "4", "✗1", "5", "6"]
    for width, line in ((79, wide), (40, narrow)):
        for tab, (start, end) in zip(tabs, tab_spans(tabs, width), strict=True):
            assert line.text[start:end].split()[0] == tab.key


# source


def source_of(scene: Scene, look: Look, width: int = 79, task: int = 0) -> SourceView:
    marks = marks_in("program.py", scene.state, scene.recording.tables, task)
    return SourceView(
        colour(CODE, look), marks, look, width, heading=heading("program.py", marks, look, width)
    )


def test_every_task_is_marked_at_its_line() -> None:
    scene = Scene()
    view = source_of(scene, Look(), task=scene.t2)
    marked = {y + 1: view.row(y).text for y in range(view.n_rows) if y + 1 in view.marks}
    assert set(marked) == {12, 15, 20, 40}
    assert marked[12].startswith(" 12 ▶ ")  # the focused one
    assert marked[12].rstrip().endswith("B  packer-2")
    assert marked[15].startswith(" 15 → ")
    assert marked[15].rstrip().endswith("S  packer-1")


def test_a_line_that_was_only_last_seen_says_so() -> None:
    scene = Scene()
    assert "last seen" not in source_of(scene, Look()).heading.text  # type: ignore[union-attr]
    scene.tape.slept(scene.t1)
    scene.tape.release(scene.t1, scene.lock, line=16)
    assert "last seen" in source_of(scene, Look()).heading.text  # type: ignore[union-attr]


def test_a_crowd_at_one_line_is_counted() -> None:
    scene = Scene()
    for n in range(30):
        scene.tape.acquire(scene.tape.thread(f"crowd-{n}"), scene.lock, line=12)
    assert "×31" in source_of(scene, Look()).row(11).text


def test_colouring_keeps_the_text() -> None:
    lines = colour("def f(x):\n\treturn 'tab\tin text'  # end\n", Look())
    assert ["".join(text for text, _ in line) for line in lines] == [
        "def f(x):", "        return 'tab     in text'  # end", "",
    ]  # fmt: skip


# cores


def test_cores_tell_load_threads_and_the_gil_as_sampled() -> None:
    scene = Scene().sampled()
    view = CoresView(
        scene.recording.samples, scene.recording.tables, Look(), 100, missing=("No schedstat here.",)
    )
    rows = [" ".join(view.row(y).text.split()) for y in range(view.n_rows)]
    assert rows[0].startswith("core 0 ██")
    assert "packer-1 62 %" in rows[0]
    assert "95 %" in rows[1]
    assert rows[2] == "ready, no core: packer-1 10 %"
    assert rows[3].startswith("GIL, sampled: ● packer-1 ○ packer-2")
    assert rows[4] == "in 6 s: packer-2 50 %, packer-1 50 %"
    assert rows[5] == "No schedstat here."


# findings


def told(severity: str = "error") -> Told:
    finding = Finding("deadlock", severity, (), (1, 2), (3,), (1,), (101, 107), t_ns=2_000_000_000)  # type: ignore[arg-type]
    return Told(
        finding, "A ring of waits", "T1 waits for T2 and T2 for T1. " * 4, "Take the locks in one order."
    )


def test_a_finding_has_title_reason_remedy_and_evidence() -> None:
    scene = Scene()
    view = FindingsView(
        [told(), told("warning")], scene.recording.tables, 1_000_000_000, False, Look(), 79, cursor=1
    )
    rows = [view.row(y).text for y in range(view.n_rows)]
    assert rows[0].startswith("  ✗ E  A ring of waits")
    assert rows[0].rstrip().endswith("1.0 s")
    first, end = view.rows_of(1)
    assert rows[first].startswith("▶ ▲ W ")
    block = " ".join(" ".join(rows[first:end]).split())
    assert "→ Take the locks in one order." in block
    assert "observed · events #101, #107 · program.py:30" in block
    assert view.finding_at(first) == 1


def test_no_finding_is_no_praise() -> None:
    scene = Scene()
    view = FindingsView([], scene.recording.tables, 0, True, Look(), 79)
    assert view.row(0).text.strip() == "Nothing found. (That proves nothing.)"
    view = FindingsView([], scene.recording.tables, 0, False, Look(), 79, notes=("Records were lost.",))
    assert [view.row(y).text.strip() for y in range(view.n_rows)] == [
        "Nothing found so far.", "", "● Records were lost.",
    ]  # fmt: skip


# story


def test_the_story_shows_as_many_sentences_as_fit_newest_last() -> None:
    scene = Scene()

    def say(event: Event) -> str | None:
        return f"event {event.n}" if event.n % 2 else None

    window = StoryWindow(scene.recording, len(scene.recording), say, 1_000_000_000, Look(), 60, 4)
    told = [line.text.split()[-2:] for line in window.strips()]
    last = len(scene.recording) - (len(scene.recording) + 1) % 2
    assert told == [["event", str(n)] for n in range(last - 6, last + 1, 2)]
    assert spoken_after(scene.recording, 1, say) == 3
    assert spoken_after(scene.recording, len(scene.recording), say) == 0


# detail


def test_the_chain_of_waits_to_the_end() -> None:
    chain = [
        Standing("T1", Run.BLOCKED, "waits for `b` held by T2", 12, "with b:"),
        Standing("T2", Run.BLOCKED, "waits for `a` held by T1", 20, "with a:"),
    ]
    lines = [line.text for line in detail_lines(chain, True, Look(), 100, 3)]
    assert lines[0].startswith("  B  T1  waits for `b` held by T2")
    assert lines[0].rstrip().endswith("12 │ with b:")
    assert "the ring is closed" in lines[1]
    assert "and 1 more" in detail_lines(chain, True, Look(), 100, 1)[0].text


# all of them


@pytest.mark.parametrize(
    "look", [Look(), Look("plain", "256", "light"), Look("ascii", "16"), Look("ascii", "none")]
)
@pytest.mark.parametrize("width", [24, 51, 79, 120])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_line_has_the_width(width: int, look: Look, language: i18n.Language) -> None:
    i18n.set_language(language)
    scene = Scene().sampled()
    tables = scene.recording.tables
    views = [
        source_of(scene, look, width, scene.t1),
        CoresView(
            scene.recording.samples, tables, look, width, missing=("Something is missing on this machine.",)
        ),
        CoresView([], tables, look, width),
        FindingsView([told()], tables, 0, False, look, width),
    ]
    strips = [view.row(y) for view in views for y in range(view.n_rows)]
    strips.append(header("任务：很长的标题", "lock:too_wide", Facts(Mode("failed", 3)), look, width))
    strips += detail_lines([Standing("T1", Run.BLOCKED, "waits " * 9, 12, "x = 1")] * 4, True, look, width, 3)
    assert {made.cell_length for made in strips} == {width}
    if look.symbols == "ascii" and language == "en":
        assert all(made.text.isascii() for made in strips[:-4])
