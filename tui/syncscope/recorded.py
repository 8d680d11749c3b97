"""The commands that work on a recording: replay without a screen, export, diff."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syncscope_engine.analysis import Analysis
from syncscope_engine.launch import Target
from syncscope_engine.recording import Recording, RecordingError
from syncscope_engine.replay import analyse
from syncscope_engine.report import RunFacts, build_report, exit_status
from syncscope_engine.tape.blocks import OpenedFile

from .closed_pipe import refuse, write_line
from .i18n import t
from .targets import Chosen


def open_recording(path: Path) -> Recording:
    """Refuses what is no recording; says on standard error what is damaged."""
    try:
        recording = Recording.open(path)
    except RecordingError as error:
        refuse(str(error))
    if recording.damage:
        write_line(f"syncscope: {recording.damage}", sys.stderr)
    return recording


def chosen_of(path: Path) -> Chosen:
    """What the screen is opened with."""
    check_recording(path)
    return Chosen(Target(path.name), path.name)


def check_recording(path: Path) -> None:
    """Refuses at once what is no recording; the rest of it is read behind the screen."""
    try:
        OpenedFile(path).close()
    except RecordingError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{path} cannot be opened: {error.strerror or error}")


def judged(recording: Recording) -> Analysis:
    """With a bar on standard error when it takes long."""
    with _progress() as show:
        return analyse(recording, show)


def report_of(path: Path, language: str) -> dict[str, Any]:
    recording = open_recording(path)
    return build_report(RunFacts.recorded(recording), recording, judged(recording), language)


def replay_headless(path: Path, language: str, as_json: bool) -> int:
    """The report of the recorded run, and its exit status."""
    report = report_of(path, language)
    if as_json:
        write_line(json.dumps(report, ensure_ascii=False), sys.stdout)
    else:
        from .summary import print_summary

        print_summary(report)
    return exit_status(report)


def print_comparison(left: Path, right: Path, language: str, as_json: bool) -> None:
    from syncscope_engine.comparison import as_json as to_json
    from syncscope_engine.comparison import compare

    comparison = compare(report_of(left, language), report_of(right, language))
    if as_json:
        write_line(json.dumps(to_json(comparison), ensure_ascii=False), sys.stdout)
    else:
        from .difference_report import print_difference

        print_difference(left.name, right.name, comparison)


def export(path: Path, kind: str, output: Path, language: str) -> None:
    recording = open_recording(path)
    analysis = judged(recording)
    try:
        _WRITERS[kind](recording, analysis, output, language)
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror or error}")
    write_line(t("recorded.exported", file=output, size=f"{output.stat().st_size:,}"), sys.stderr)


def film(path: Path, output: Path, size: tuple[int, int], speed: float) -> None:
    """The screen replaying the recording, for asciinema."""
    from .cast import write
    from .look import Look

    open_recording(path).close()  # says what is damaged
    try:
        with _progress() as show, output.open("w", encoding="utf-8", errors="replace") as target:
            write(path, target, size, speed, Look(), show)
    except RecordingError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{output} cannot be written: {error.strerror or error}")
    write_line(t("recorded.exported", file=output, size=f"{output.stat().st_size:,}"), sys.stderr)


def _perfetto(recording: Recording, analysis: Analysis, output: Path, language: str) -> None:
    from syncscope_engine.export import perfetto

    with output.open("wb") as target:
        perfetto.write(recording, analysis, target, language)


def _jsonl(recording: Recording, analysis: Analysis, output: Path, language: str) -> None:
    from syncscope_engine.export import jsonl

    with output.open("w", encoding="utf-8", errors="surrogateescape") as target:
        jsonl.write(recording, analysis, target, language)


def _svg(recording: Recording, analysis: Analysis, output: Path, language: str) -> None:
    from syncscope_engine.export import svg

    with output.open("w", encoding="utf-8") as target:
        svg.write(recording, analysis, target, language)


_WRITERS: dict[str, Callable[[Recording, Analysis, Path, str], None]] = {
    "perfetto": _perfetto,
    "svg": _svg,
    "jsonl": _jsonl,
}


@contextmanager
def _progress() -> Iterator[Callable[[float], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(t("recorded.reading"), total=1.0)
        yield lambda share: progress.update(task, completed=share)
