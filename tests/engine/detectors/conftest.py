"""Judges a tape as an analysis would, some time after its last event."""

from collections.abc import Callable, Iterator

import pytest

from syncscope_engine.analysis import Analysis
from syncscope_engine.detectors.base import Finding
from syncscope_engine.model.validate import validate
from syncscope_engine.texts import LANGUAGES, finding_text
from tape import MS, Tape

Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Call it with a tape and ms that pass after it, perhaps `final`: all findings.

    Every text of every finding is written too, in every language.
    """
    used: list[tuple[Analysis, Tape]] = []

    def run(tape: Tape, ms: float = 1000, final: bool = False) -> list[Finding]:
        analysis = Analysis(tape.recording, live=False)
        analysis.update(tape.now_ns)
        analysis.update(tape.now_ns + int(ms * MS), final)
        used.append((analysis, tape))
        return analysis.findings

    yield run
    for analysis, tape in used:
        validate(analysis.state, tape.tables)
        for finding in analysis.findings:
            for lang in LANGUAGES:
                text = finding_text(finding, tape.tables, lang)
                assert all((text.title, text.explanation, text.remedy))
                assert "{" not in text.title + text.explanation
