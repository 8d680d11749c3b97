"""`explore` and `step --headless`: verdicts, exit statuses, the schedule in words, and that it can be repeated."""

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syncscope import i18n
from syncscope.cli import cli

LOSES = """
import threading
n = 0
def work():
    global n
    n += 1
threads = [threading.Thread(target=work, name=f"worker-{i}") for i in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("n is", n)
assert n == 2, f"n is {n}"
"""
KEEPS = LOSES.replace("n = 0", "n = 0\nlock = threading.Lock()").replace(
    "    n += 1", "    with lock:\n        n += 1"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loses.py").write_text(LOSES)
    (tmp_path / "keeps.py").write_text(KEEPS)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="syncscope")


def test_a_program_that_fails_in_words_and_the_command_that_repeats_it() -> None:
    result = run("explore", "loses.py")
    assert result.exit_code == 1
    text = result.stdout
    assert text.startswith("FAILS  loses.py")
    assert "AssertionError: n is 1 (loses.py:13)" in text
    assert "replayed 10 of 10 times" in " ".join(text.split())
    assert "worker-1" in text
    assert "reads n" in text
    assert "loses.py:6" in text
    assert "n is 1" in text
    (command,) = (line.strip() for line in text.splitlines() if line.startswith("  syncscope step "))
    again = run(*shlex.split(command)[1:])
    assert again.exit_code == 1
    assert "The schedule was followed" in again.stdout
    assert "AssertionError: n is 1 (loses.py:13)" in " ".join(again.stdout.split())


def test_a_schedule_in_a_file_is_followed_and_a_change_of_the_program_is_noticed(tmp_path: Path) -> None:
    assert run("explore", "--save", "lost.schedule", "loses.py").exit_code == 1
    followed = run("step", "--headless", "--json", "--schedule", "lost.schedule")
    assert followed.exit_code == 1
    report = json.loads(followed.stdout)
    assert (report["outcome"], report["error"]) == ("failed", "AssertionError: n is 1")
    (tmp_path / "loses.py").write_text(LOSES.replace("n += 1", "n += 1; n += 0"))
    changed = run("step", "--headless", "--schedule", "lost.schedule")
    assert changed.exit_code == 2
    assert "read n (loses.py:6)" in " ".join(changed.stdout.split())
    (tmp_path / "loses.py").unlink()
    gone = run("step", "--headless", "--schedule", "lost.schedule")
    assert gone.exit_code == 2
    assert gone.stderr.endswith("is not there.\n")


def test_a_program_that_never_fails() -> None:
    result = run("explore", "keeps.py")
    assert result.exit_code == 0
    assert result.stdout.startswith("EXHAUSTED  keeps.py")
    assert "All 2 distinct orders were executed, and none failed." in result.stdout
    assert "Under these assumptions:" in result.stdout


def test_a_budget_that_is_spent() -> None:
    result = run("explore", "--json", "--strategy", "random", "--runs", "20", "--seed", "3", "keeps.py")
    assert result.exit_code == 4
    report = json.loads(result.stdout)
    assert (report["verdict"], report["reason"], report["orders"]) == ("budget_spent", "runs", 20)
    assert report["distinct"] == 2
    assert report["assumptions"]


def test_in_chinese() -> None:
    assert run("explore", "--lang", "zh", "loses.py").stdout.startswith("失败  loses.py")
    assert "全部 2 种不同的次序都执行过，没有一种失败。" in run("explore", "--lang", "zh", "keeps.py").stdout


def test_no_text_says_that_a_program_is_correct() -> None:
    for language, words in (
        ("en", ("correct", "proof", "proven", "safe", "no bug")),
        ("zh", ("正确", "证明", "安全")),
    ):
        for key, text in i18n.texts(language, "explore").items():  # type: ignore[arg-type]
            assert not any(word in text.lower() for word in words), key


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explore", "missing.py"], "there is no script missing.py"),
        (["explore", "--strategy", "luck", "keeps.py"], "Invalid value for '--strategy'"),
        (["explore", "--runs", "0", "keeps.py"], "Invalid value for '--runs'"),
        (["explore", "--save", "no/such/folder", "loses.py"], "cannot be written"),
        (["step", "--headless"], "name a schedule"),
        (["step", "--headless", "--choices", "1-2", "keeps.py"], "write STEP:TASK"),
        (["step", "--headless", "--schedule", "keeps.py"], "keeps.py is not a schedule of Syncscope"),
        (["step", "--headless", "--schedule", "x", "keeps.py"], "a schedule names its target itself"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert said in line


def test_a_program_that_cannot_be_compiled(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    result = run("explore", "broken.py")
    assert (result.exit_code, result.stdout) != (0, "")
    assert "SyntaxError" in result.output or "invalid syntax" in result.output
