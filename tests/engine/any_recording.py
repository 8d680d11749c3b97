"""Everything that is done with a file that may be a recording, and what must hold then."""

import io
import json
import math
from pathlib import Path
from xml.etree import ElementTree

from syncscope_engine.analysis import Analysis
from syncscope_engine.export import jsonl, perfetto, svg
from syncscope_engine.model.validate import validate
from syncscope_engine.model.waits import describe_wait
from syncscope_engine.model.why import who_let_go, why
from syncscope_engine.recording import Recording, RecordingError
from syncscope_engine.replay import analyse
from syncscope_engine.report import RunFacts, build_report, exit_status
from syncscope_engine.texts import LANGUAGES


def use(path: Path, lang: str = "en", only: int | None = None) -> bool:
    """False when it is refused.  `only`: in one of the other formats instead of all, by this number."""
    try:
        recording = Recording.open(path)
    except RecordingError:
        return False
    try:
        analysis = analyse(recording)
        _report(recording, analysis, lang)
        for write in EXPORTS if only is None else [EXPORTS[only % len(EXPORTS)]]:
            write(recording, analysis, lang)
        _ask(recording, analysis, lang)
    finally:
        recording.close()
    return True


def _report(recording: Recording, analysis: Analysis, lang: str) -> None:
    report = build_report(RunFacts.recorded(recording), recording, analysis, lang)
    assert exit_status(report) in (0, 1, 3, 4)
    json.dumps(report, allow_nan=False)
    assert 0 <= report["probe_share"] <= 1
    assert not math.isnan(report["probe_share"])


def _trace(recording: Recording, analysis: Analysis, lang: str) -> None:
    perfetto.write(recording, analysis, io.BytesIO(), lang)


def _lines(recording: Recording, analysis: Analysis, lang: str) -> None:
    lines = io.StringIO()
    jsonl.write(recording, analysis, lines, lang)
    for line in lines.getvalue().splitlines():
        json.loads(line, parse_constant=_refuse)


def _picture(recording: Recording, analysis: Analysis, lang: str) -> None:
    picture = io.StringIO()
    svg.write(recording, analysis, picture, lang)
    ElementTree.fromstring(picture.getvalue())


EXPORTS = (_trace, _lines, _picture)


def _ask(recording: Recording, analysis: Analysis, lang: str) -> None:
    tables, end_ns = recording.tables, recording.end_ns
    validate(analysis.state, tables)
    past, n = analysis.past(), len(recording)
    for moment in (0, n // 3, n, n // 2):
        state = past.at(moment)
        assert state.n == moment
        for task in state.tasks:
            causes = why(task, state, tables, end_ns)
            assert causes[0].task == task
            for cause in causes:
                assert cause.wait is None or cause.wait.words(lang, tables)
            described = describe_wait(task, state, tables, state.t_ns)
            assert described is None or described.words(lang, tables)
            who_let_go(analysis.spans, task, state.t_ns)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def language_of(seed: int) -> str:
    return LANGUAGES[seed % len(LANGUAGES)]
