"""Events per second at which nothing is lost: paced programs, every event recorded, read 30 times a second."""

import time
from pathlib import Path

from syncscope_engine.session import Options, Session, Target

_PACED = Path(__file__).parent / "programs" / "paced_events.py"


def lossless(rate: int, seconds: float = 3.0) -> tuple[float, int, int]:
    """(events per second that the program really made, events on the tape, events lost)."""
    target = Target("paced", _PACED, None, (str(rate), str(seconds)))
    with Session(target, Options(budget=1 << 40, stdin="closed")) as session:
        session.start()
        while session.status != "ended":
            session.poll()
            time.sleep(1 / 30)
        recording = session.recording
        made = float("".join(o.text for o in recording.outputs if o.stream == "stdout").split()[-1])
        return made, len(recording), recording.dropped


def report() -> list[str]:
    lines = ["| asked, events/s | made, events/s | on the tape | lost |", "| ---: | ---: | ---: | ---: |"]
    for rate in (50_000, 100_000, 200_000, 400_000, 800_000):
        made, taped, lost = lossless(rate)
        lines.append(f"| {rate:,} | {made:,.0f} | {taped:,} | {lost:,} |")
    return lines
