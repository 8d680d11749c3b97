"""Whatever can be decoded is judged, reported and put into words, and nothing raises."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from any_tape import a_program, events
from syncscope_engine.analysis import Analysis
from syncscope_engine.events import Event
from syncscope_engine.model.state import Run
from syncscope_engine.model.waits import describe_wait, wait_chain
from syncscope_engine.report import RunFacts, build_report, exit_status
from syncscope_engine.texts import LANGUAGES
from tape import MS


@settings(max_examples=150, deadline=None)
@given(tape=st.lists(events, max_size=40), final=st.booleans())
def test_any_sequence_of_events_is_judged(tape: list[Event], final: bool):
    program = a_program()
    recording, tables = program.recording, program.tables
    analysis = Analysis(recording, live=False)
    for event in tape:
        recording.append([event._replace(t_ns=recording.end_ns + event.t_ns)])
    analysis.update(recording.end_ns)
    now_ns = recording.end_ns + 1000 * MS
    analysis.update(now_ns, final)
    for lang in LANGUAGES:
        report = build_report(RunFacts("x", "finished", 0, 1), recording, analysis, lang)
        assert exit_status(report) in (0, 1)
        json.dumps(report)
    state = analysis.snapshot()
    for id_, task in state.tasks.items():
        assert wait_chain(id_, state, tables)[0] == id_
        text = describe_wait(id_, state, tables, now_ns)
        assert (text is None) == (task.run not in (Run.BLOCKED, Run.SLEEPING))
        assert text is None or all(text.words(lang, tables) for lang in LANGUAGES)
