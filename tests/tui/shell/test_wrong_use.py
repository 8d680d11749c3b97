"""Whatever is wrong with a command line is said in one line, with exit status 2 and no traceback."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syncscope.cli import cli

from .programs import ECHO, write


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, hello=ECHO)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="syncscope")


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("syncscope: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hallo.py"], "there is no script hallo.py; did you mean hello.py?"),
        (["nothing/at/all.py"], "there is no script nothing/at/all.py."),
        (["."], ". is a directory, not a script, and has no __main__.py."),
        ([""], "TARGET is empty"),
        (["race_conditon:broken"], "did you mean race_condition:broken?"),
        (["zzz"], "`syncscope list` names the scenarios"),
        (["race_condition:brokn"], "has no program 'brokn'; it has broken, fixed"),
        (["--param", "pace=fast", "race_condition"], "pace is 'fast', not a number"),
        (["--param", "cashiers=99", "race_condition"], "cashiers is 99, not between 2 and 12"),
        (["--param", "cashiers=2.5", "race_condition"], "cashiers"),
        (["--param", "pacee=1", "race_condition"], "has no parameter pacee; did you mean pace?"),
        (["--param", "qq=1", "race_condition"], "it has cashiers, customers"),
        (["--param", "pace", "race_condition"], "write it as name=value"),
        (["--param", "pace=1", "hello.py"], "--param sets parameters of scenarios"),
        (["--param", "pace=1", "-m", "hello"], "--param sets parameters of scenarios"),
        (["--python", "/no/such/python", "hello.py"], "'/no/such/python'"),
        (["--budget", "much", "hello.py"], "much is neither a number nor `all`"),
        (["--timeout", "0", "hello.py"], "'--timeout'"),
        (["--lang", "xx", "hello.py"], "'--lang'"),
        (["--output-file", "no/such/folder/x", "hello.py"], "cannot write no/such/folder/x"),
        (["--output-file", ".", "hello.py"], "is a directory"),
        (["--no-such-option", "hello.py"], "--no-such-option"),
        ([], "Missing argument 'TARGET'; see `syncscope run --help`"),
    ],
)
def test_run_refuses(arguments: list[str], said: str) -> None:
    assert said in refusal("run", "--headless", *arguments)


def test_options_that_need_headless() -> None:
    assert "--json needs --headless" in refusal("run", "--json", "hello.py")
    assert "--output-file needs --headless" in refusal("run", "--output-file", "x", "hello.py")


def test_unknown_command() -> None:
    assert "No such command 'rnu'" in refusal("rnu")


def test_no_terminal() -> None:
    assert "needs a terminal" in refusal("run", "hello.py")
    assert "needs a terminal" in refusal()


def test_script_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # the tests may run as root, who may read everything
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: real(path, mode) and not (mode == os.R_OK and "hello" in str(path))
    )
    assert "hello.py cannot be read" in refusal("run", "--headless", "hello.py")


def test_interpreter_that_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text("#!/bin/sh\necho 'Python 2.7.18'\nexit 1\n")
    old.chmod(0o755)
    assert "python-old" in refusal("run", "--headless", "--python", str(old), "hello.py")
