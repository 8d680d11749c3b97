"""The film of a recording plays in a terminal: what is on its last picture is what the run ended with."""

import json
from pathlib import Path

import pyte
import pytest
from click.testing import CliRunner

from syncscope.cli import cli
from tape import Tape


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Two seconds: Ada holds the till, Ben waits for it and gets it."""
    tape = Tape()
    ada, ben, till = tape.thread("Ada"), tape.thread("Ben"), tape.lock("till")
    tape.acquired(ada, till, line=3)
    tape.acquire(ben, till, line=3)
    tape.pass_ms(1000)
    tape.release(ada, till)
    tape.acquired(ben, till)
    tape.pass_ms(1000)
    tape.release(ben, till)
    tape.exit(ben)
    tape.prints("done\n")
    facts = tape.recording.facts
    facts.update(target="shop.py", outcome="finished", duration_ns=tape.now_ns - tape.tables.start_ns)
    tape.recording.save(tmp_path / "shop.scope")
    return tmp_path / "shop.scope"


def filmed(recording: Path, *options: str) -> list:
    film = recording.with_suffix(".cast")
    command = ["export", "--to", "cast", "-o", str(film), *options, "--lang", "en", str(recording)]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    assert film.name in done.output
    return [json.loads(line) for line in film.read_text(encoding="utf-8").splitlines()]


def pictures(film: list) -> list[str]:
    screen = pyte.Screen(film[0]["width"], film[0]["height"])
    stream = pyte.Stream(screen)
    shown = []
    for _, _, text in film[1:]:
        stream.feed(text)
        shown.append("\n".join(screen.display))
    return shown


def test_it_plays_from_the_beginning_to_the_end(recorded):
    film = filmed(recorded)
    header, *frames = film
    assert header["version"] == 2
    assert (header["width"], header["height"]) == (80, 24)
    assert "shop.scope" in header["title"]
    times = [t_s for t_s, _, _ in frames]
    assert times[0] == 0
    assert times == sorted(times)
    assert 3.9 < times[-1] < 4.3  # two seconds of the run, two of the last picture
    assert {kind for _, kind, _ in frames} == {"o"}
    seen = pictures(film)
    assert "MainThread" in seen[0], "the first picture is whole"
    assert "Resources" in seen[0]
    middle = seen[next(i for i, t_s in enumerate(times) if t_s > 0.6)]
    assert "Ben" in middle
    assert "till" in middle
    assert seen[-1] != middle
    ended = next(line for line in seen[-1].splitlines() if "Ben" in line)
    assert "done" in ended
    assert "0.0 s" in middle
    assert "2.0 s" in seen[-1].splitlines()[0]


def test_size_and_speed(recorded):
    film = filmed(recorded, "--size", "100x30", "--speed", "10")
    assert (film[0]["width"], film[0]["height"]) == (100, 30)
    assert film[-1][0] == pytest.approx(2.2, abs=0.11)
    assert any("100" in line or "─" in line for line in pictures(film)[-1].splitlines())
    assert max(len(line.rstrip()) for line in pictures(film)[-1].splitlines()) > 80


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--size", "wide", "size like"), ("--size", "20x5", "at least"), ("--speed", "3", "none of")],
)
def test_what_cannot_be_is_refused(recorded, option, value, says):
    command = [
        "export",
        "--to",
        "cast",
        "-o",
        str(recorded.with_suffix(".cast")),
        option,
        value,
        str(recorded),
    ]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2
    assert says in done.output


def test_what_is_no_recording_is_refused(tmp_path):
    other = tmp_path / "other"
    other.write_text("hello")
    done = CliRunner().invoke(cli, ["export", "--to", "cast", "-o", str(tmp_path / "x.cast"), str(other)])
    assert done.exit_code != 0
    assert "not a recording" in done.output
    assert not (tmp_path / "x.cast").exists()
