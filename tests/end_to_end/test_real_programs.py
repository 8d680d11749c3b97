"""Programs in the spirit of the standard library's documentation, and well-known tools from their packages."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from bare_and_probed import Left, run_bare, run_probed

from syncscope_engine.session import Options, Session, Target

PROGRAMS = Path(__file__).parent / "real_programs"


def same(command: str) -> Left:
    """What the program leaves behind, having made sure that it is the same bare and watched."""
    bare = run_bare(command.split(), sys.executable, Path.cwd(), {}, "")
    probed, notes = run_probed(command.split(), sys.executable, "")
    assert probed.normal() == bare.normal()
    assert not [note for note in notes if "probe failed" in note], notes
    return bare


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("fetch_pages", "gone failed: HTTP Error 410: Gone"),
        ("find_primes", "112272535095293 True"),
        ("many_processes", "total 300"),
        ("work_queue", "29 finished 29"),
        ("streams", "CLIENT 3 ONE, CLIENT 3 TWO, CLIENT 3 THREE"),
        ("workers_and_groups", "somebody in a thread"),
        ("crawler", "/missing 404"),
    ],
)
def test_program(program: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROGRAMS)
    left = same(f"{program}.py")
    assert left.status == 0, left.stderr
    assert shown in left.stdout


def test_json_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.json").write_text('{"b": [1, 2.5], "a": null}')
    (tmp_path / "bad.json").write_text('{"b": ')
    monkeypatch.chdir(tmp_path)
    assert '"a": null' in same("-m json.tool --sort-keys good.json").stdout
    assert same("-m json.tool bad.json").status == 1


def test_compileall_with_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    for i in range(6):
        (tmp_path / f"module{i}.py").write_text(f"x = {i}\n" if i != 3 else "x = \n")
    left = same("-m compileall -f -q -j2 .")
    assert left.status == 1
    assert "SyntaxError" in left.stdout
    assert len(list((tmp_path / "__pycache__").iterdir())) == 5


def test_rich_prints_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert "Star Wars" in same("-m rich.table").stdout


def test_pip_names_itself() -> None:
    assert same("-m pip --version").stdout.startswith("pip ")


def test_pytest_with_two_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test_it.py").write_text("def test_good(): pass\ndef test_bad(): assert 1 == 2\n")
    monkeypatch.chdir(tmp_path)
    left = same("-m pytest -q -p xdist -n 2 -p no:cacheprovider --rootdir=. -c /dev/null test_it.py")
    assert "1 failed, 1 passed" in left.stdout


def test_http_server_serves_until_it_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.txt").write_text("a page")
    monkeypatch.chdir(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ("--bind", "127.0.0.1", str(port))
    pages = []

    def visit(pid: int) -> None:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/page.txt", timeout=10) as answer:
                    pages.append(answer.read())
                break
            except urllib.error.URLError:
                time.sleep(0.02)
        subprocess.run(["kill", f"-{signal.SIGINT}", str(pid)], check=True)

    with subprocess.Popen(
        [sys.executable, "-m", "http.server", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        visit(server.pid)
        bare = server.communicate(timeout=30)
    with Session(Target("server", None, "http.server", arguments), Options(stdin="closed")) as session:
        session.start()
        visitor = threading.Thread(target=visit, args=(session.pid,))
        visitor.start()
        while session.status != "ended":
            session.poll()
            time.sleep(1 / 30)
        visitor.join()
        outputs = session.recording.outputs
        probed = tuple("".join(o.text for o in outputs if o.stream == s) for s in ("stdout", "stderr"))
    assert pages == [b"a page"] * 2
    assert session.exit_code == server.returncode == 0
    without_date = re.compile(r"\[[^]]*\]")
    assert [without_date.sub("", text) for text in probed] == [without_date.sub("", text) for text in bare]
