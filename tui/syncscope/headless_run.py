"""`syncscope run --headless`: the program's output on standard error, the report on standard output."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from syncscope_engine.headless import run_headless
from syncscope_engine.recording import Output
from syncscope_engine.report import exit_status
from syncscope_engine.session import Options, Target, UsageError

from .closed_pipe import write_line
from .progress import progress
from .renderables.clean import clean
from .usage_errors import INTERRUPTED


def run_and_report(
    target: Target, options: Options, language: str, as_json: bool, output_file: str | None
) -> int:
    """Exit status.  Raises `UsageError` when there is nothing to run or nowhere to write."""
    file = None
    if output_file is not None:
        try:
            file = Path(output_file).open("w", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
        except OSError as error:
            raise UsageError(f"cannot write {output_file}: {error.strerror}") from error
    try:
        with progress() as shown:
            prefixed = _Prefixed(shown.write)
            pass_on = prefixed if file is None else _raw_into(file)
            try:
                report = run_headless(target, options, pass_on, lang=language, on_poll=shown.on_poll)
            finally:
                prefixed.end()
    finally:
        if file is not None:
            file.close()
    if as_json:
        write_line(json.dumps(report, ensure_ascii=False), sys.stdout)
    else:
        from .summary import print_summary

        print_summary(report)
    return INTERRUPTED if report["outcome"] == "killed" else exit_status(report)


def _raw_into(file: IO[str]) -> Callable[[Output], None]:
    def write(output: Output) -> None:
        file.write(output.text)
        file.flush()

    return write


class _Prefixed:
    """Whole lines, each with its stream's name, nothing in them that could steer a terminal."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._begun: dict[str, str] = {}

    def __call__(self, output: Output) -> None:
        *lines, rest = (self._begun.get(output.stream, "") + output.text).split("\n")
        self._begun[output.stream] = rest
        for line in lines:
            self._line(output.stream, line)

    def end(self) -> None:
        for stream, rest in self._begun.items():
            if rest:
                self._line(stream, rest)

    def _line(self, stream: str, line: str) -> None:
        self._write(f"{stream}| {clean(line)}")
