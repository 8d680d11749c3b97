"""Runs a program to its end without a screen, and reports.

It is ended early when it can make no progress any more: then it would never end by itself.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from .analysis import Analysis
from .recording import Output
from .report import RunFacts, build_report
from .sampling import Sampler
from .session import Options, Session, Target

POLL_S = 1 / 30
SAMPLE_NS = 200_000_000


def run_headless(
    target: Target,
    options: Options | None = None,
    on_output: Callable[[Output], None] | None = None,
    *,
    lang: str = "en",
    sampled: bool = False,
    on_poll: Callable[[Session, Analysis], None] | None = None,
    on_end: Callable[[Session, Analysis], None] | None = None,
) -> dict[str, Any]:
    """The report of DESIGN.  Raises `UsageError` when there is nothing to run.

    `on_output` gets what the program prints, as it comes.  `sampled`: take samples of cores and threads too.
    `on_poll` is called thirty times a second, `on_end` once, before the session is closed.  Ctrl-C stops the program; the report follows.
    """
    with Session(target, options or Options()) as session, ExitStack() as at_the_end:
        session.start()
        analysis = Analysis(session.recording)
        outputs = session.recording.outputs
        n_given = 0
        sampler = Sampler(session.recording, session) if sampled else None
        if sampler is not None:
            at_the_end.callback(sampler.close)
        while session.status != "ended":
            try:
                _go_on(session, analysis, sampler)
                n_given = _give(outputs, n_given, on_output)
                if on_poll is not None:
                    on_poll(session, analysis)
                time.sleep(POLL_S)
            except KeyboardInterrupt:
                session.stop("killed")
        analysis.update(session.now_ns, final=True)
        _give(outputs, n_given, on_output)
        if on_end is not None:
            on_end(session, analysis)
        return build_report(RunFacts.of(session), session.recording, analysis, lang)


def _give(outputs: list[Output], n_given: int, on_output: Callable[[Output], None] | None) -> int:
    """Hand over what is new; returns how much has been handed over."""
    n = len(outputs)
    if on_output is not None:
        for output in outputs[n_given:n]:
            on_output(output)
    return n


def _go_on(session: Session, analysis: Analysis, sampler: Sampler | None) -> None:
    session.poll()
    now_ns = session.now_ns
    analysis.update(now_ns)
    if session.status == "running" and analysis.is_stuck():
        session.mark_stuck()
        session.stop("stuck")
    samples = session.recording.samples
    if sampler is not None and (not samples or now_ns - samples[-1].t_ns >= SAMPLE_NS):
        sampler.sample(now_ns)
