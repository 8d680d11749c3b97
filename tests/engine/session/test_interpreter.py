"""The Python that runs the program is found and checked; what is wrong is said in one sentence."""

import os
import sys
from pathlib import Path

import pytest

from syncscope_engine.interpreter import UsageError, find_interpreter


def fake(tmp_path: Path, answer: str) -> str:
    file = tmp_path / "python"
    file.write_text(f"#!/bin/sh\n{answer}\n")
    file.chmod(0o700)
    return str(file)


def test_our_own_by_default() -> None:
    found = find_interpreter()
    assert (found.executable, found.version) == (sys.executable, sys.version_info[:3])
    assert found.version_text == ".".join(map(str, sys.version_info[:3]))


def test_another_one_is_asked() -> None:
    assert find_interpreter(sys.executable) == find_interpreter()


def test_a_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = fake(tmp_path, "echo python 3 13 0 cpython 0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = find_interpreter("python")
    assert (found.executable, found.version, found.gil) == (file, (3, 13, 0), False)


def test_a_missing_one() -> None:
    with pytest.raises(
        UsageError, match=r"^There is no Python interpreter '/nowhere/python' that can be run\.$"
    ):
        find_interpreter("/nowhere/python")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("echo python 3 9 2 cpython 1", "{} is Python 3.9.2, but Syncscope needs 3.10 or later."),
        ("echo python 3 10 14 pypy 1", "{} is pypy 3.10.14, but Syncscope can only watch CPython."),
        ("echo hello", "{} is not a Python 3 interpreter."),
        ("exit 1", "{} is not a Python 3 interpreter."),
    ],
)
def test_one_that_will_not_do(tmp_path: Path, answer: str, sentence: str) -> None:
    file = fake(tmp_path, answer)
    with pytest.raises(UsageError) as caught:
        find_interpreter(file)
    assert str(caught.value) == sentence.format(file)


def test_one_that_cannot_be_executed(tmp_path: Path) -> None:
    file = tmp_path / "python"
    file.write_bytes(b"\0\1\2")
    file.chmod(0o700)
    with pytest.raises(UsageError, match="cannot be run"):
        find_interpreter(str(file))
