"""A program of any kind leaves the same behind, byte for byte, whether it is watched or not."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bare_and_probed import Left, run_bare, run_probed
from click.testing import CliRunner

import pythons
from syncscope.cli import cli

PROGRAMS = Path(__file__).parent / "any_script"
_INSTALLED = pythons.installed()
_ENDS = [version for version in _INSTALLED if version != "3.10"][:: max(1, len(_INSTALLED) - 2)]
"""The oldest and the newest whose tracebacks can be had without our frames in all cases."""


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROGRAMS)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def both(
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    version: str = "",
    given: str = "",
    env: dict[str, str] | None = None,
) -> Left:
    """What the command leaves behind, having made sure that it is the same bare and watched."""
    python = (pythons.find(version) if version else None) or sys.executable
    bare = run_bare(command.split(), python, Path.cwd(), env or {}, given)
    for name, value in (env or {}).items():
        monkeypatch.setenv(name, value)
    probed, notes = run_probed(command.split(), python, given)
    assert probed.normal() == bare.normal()
    assert not [note for note in notes if "probe failed" in note], notes
    return bare


@pytest.mark.parametrize("version", _ENDS)
def test_how_it_was_started(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both(monkeypatch, "../any_script/./looks_around.py a --b", version)


@pytest.mark.parametrize(
    "command", ["-m looks_around a", "link.py", "folder", "archive.zip x", "compiled.pyc"]
)
def test_other_ways_to_name_a_program(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = (PROGRAMS / "looks_around.py").read_text()
    for folder in ("elsewhere", "folder"):
        (tmp_path / folder).mkdir()
    (tmp_path / "elsewhere" / "looks_around.py").write_text(looks)
    (tmp_path / "looks_around.py").write_text(looks)
    (tmp_path / "folder" / "__main__.py").write_text(looks)
    (tmp_path / "link.py").symlink_to("elsewhere/looks_around.py")
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("__main__.py", looks)
    compile_ = "import py_compile; py_compile.compile('looks_around.py', 'compiled.pyc')"
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-c", compile_], check=True)
    left = both(monkeypatch, command)
    assert "blamed" in left.stderr or "could not get source code" in left.stderr


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONWARNINGS": "error"},
        {"PYTHONWARNINGS": "ignore", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"},
        {"PYTHONOPTIMIZE": "2", "PYTHONIOENCODING": "latin-1:replace", "PYTHONPATH": "/nowhere"},
        {"PYTHONDEVMODE": "1", "PYTHONHASHSEED": "0"},
    ],
    ids=lambda env: ",".join(name.removeprefix("PYTHON") for name in env),
)
def test_environment(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    both(monkeypatch, "looks_around.py", env=env)


def test_exit_statuses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        end: both(monkeypatch, f"exits.py {end}").status for end in ("int", "text", "none", "thing", "big")
    }
    assert found == {"int": 3, "text": 1, "none": 0, "thing": 1, "big": 44}


@pytest.mark.parametrize("version", _ENDS)
def test_hooks_traces_and_stacks(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = both(monkeypatch, "hooks.py", version)
    assert left.status == 1
    assert "signal 14" in left.stdout


@pytest.mark.parametrize("version", _ENDS[-1:])
def test_children_of_every_kind(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = both(monkeypatch, "children.py one two", version)
    assert left.stderr.count("ValueError: 1") == 3


@pytest.mark.parametrize("version", _ENDS)
def test_the_warning_of_a_fork_with_threads(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = both(monkeypatch, "forks_with_threads.py", version)
    assert left.stderr.count("DeprecationWarning") == (version >= "3.12")


def test_a_daemon_closes_our_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    left = both(monkeypatch, "closes_everything.py")
    assert left.stdout == "[0, 0, 0, 0, 0, 0, 0, 0]\n" * 2


@pytest.mark.parametrize("given", ["", "Ada\nmore\n"], ids=["nothing", "two lines"])
def test_standard_input(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both(monkeypatch, "reads_input.py", given=given)


def test_standard_input_that_is_closed() -> None:
    command = f"{sys.executable} -m syncscope run --headless reads_input.py <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "stdout| no input at all\n")


@pytest.mark.parametrize(
    "command", ["-m unittest -v tests_of_it", "-m doctest tests_of_it.py", "tests_of_it.py"]
)
def test_test_runners(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = both(monkeypatch, command)
    assert "Expected" in left.stdout or "FAILED (failures=1)" in left.stderr


def test_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = "-m pytest -q -p no:cacheprovider --rootdir=. -c /dev/null --assert=plain tests_of_it.py"
    left = both(monkeypatch, command, env=env)
    assert "1 failed, 3 passed" in left.stdout


@pytest.mark.parametrize(
    ("command", "version"),
    [("-m package", _ENDS[0]), ("-m package.inner.deep", _ENDS[-1]), ("folder", _ENDS[-1])],
)
def test_packages_and_folders(command: str, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both(monkeypatch, command, version)


def test_modules_that_the_program_shadows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert both(monkeypatch, "shadows/main.py").stdout == "True True\n"


@pytest.mark.parametrize(
    "source",
    [
        b'x = 1 is 1\ny = "\\d"\nprint(x)\n',
        b'x = 1 is 1\ny = "\\d"\nprint(\n',
        b'print("\xe9")\n',
        b"# coding: nonsense\n",
        b"x = 1\n\0\n",
    ],
    ids=["warns", "warns and fails", "not UTF-8", "coding", "null byte"],
)
def test_what_is_wrong_with_its_source(
    source: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.py").write_bytes(source)
    monkeypatch.chdir(tmp_path)
    both(monkeypatch, "wrong.py", _ENDS[-1])


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ends.py").write_text(
        f"import os, signal\nos.kill(os.getpid(), signal.{name})\nprint('on')\n"
    )
    monkeypatch.chdir(tmp_path)
    both(monkeypatch, "ends.py")


def test_another_virtual_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has none of our packages; naming its folder is enough."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    (tmp_path / "program.py").write_text("import sys\nprint(sys.prefix, sys.executable)\nimport psutil\n")
    monkeypatch.chdir(tmp_path)
    bare = run_bare(["program.py"], "venv/bin/python", tmp_path, {}, "")
    assert "No module named 'psutil'" in bare.stderr
    for python in ("venv/bin/python", "venv"):
        left, _ = run_probed(["program.py"], python, "")
        assert left == Left(bare.stdout.replace("venv/bin/../", ""), bare.stderr, 1)


def test_green_threads_are_named_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gevent").mkdir()
    (tmp_path / "gevent" / "__init__.py").touch()
    (tmp_path / "gevent" / "monkey.py").write_text("def patch_all(): pass\n")
    (tmp_path / "program.py").write_text((PROGRAMS / "monkey.py").read_text())
    monkeypatch.chdir(tmp_path)
    left, notes = run_probed(["program.py"], sys.executable, "")
    assert left.stdout == "patched\n"
    assert any(note.startswith("gevent has put its own green threads") for note in notes)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-m", "no_such_module"], "has no module named no_such_module."),
        (["-m", "package.nothing"], "has no module named package.nothing."),
        (["-m", "package.inner"], "package.inner is a package without a __main__, so -m cannot run it."),
        (["-m", "exits.py"], "has no module named exits.py; did you mean -m exits?"),
        (["shadows"], "shadows is a directory, not a script, and has no __main__.py."),
        (["--python", "package", "exits.py"], "package is a directory without bin/python in it."),
    ],
)
def test_what_cannot_be_run_is_said_in_one_sentence(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, ["run", "--headless", *arguments], prog_name="syncscope")
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.endswith(sentence)
