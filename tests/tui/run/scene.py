"""A small program in the middle of its run, for the renderables and widgets: literal, from the tape's builder."""

import importlib.util
import sys
from pathlib import Path

from syncscope_engine.model.reducer import Reducer
from syncscope_engine.model.state import State
from syncscope_engine.recording import Recording, Sample, ThreadSample

_spec = importlib.util.spec_from_file_location("tape", Path(__file__).parents[2] / "engine" / "tape.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
sys.modules.setdefault("tape", _module)
_spec.loader.exec_module(_module)
Tape = _module.Tape


def reduce(recording: Recording) -> State:
    reducer = Reducer(recording.tables)
    for event in recording:
        reducer.handle(event)
    return reducer.state


class Scene:
    """Four workers and main; one of everything that the table of resources knows."""

    def __init__(self, file: str = "program.py") -> None:
        tape = self.tape = Tape(file)
        self.t1, self.t2, self.t3 = (
            tape.thread(name, line=30) for name in ("packer-1", "packer-2", "sweeper")
        )
        self.lock = tape.lock("stock_lock", line=5)
        self.gate = tape.semaphore("gate", 3, line=6)
        self.buffer = tape.queue("buffer", 4, line=7)
        self.closed = tape.event("closed", line=8)
        self.idle = tape.lock("idle", line=9)
        tape.acquired(self.t1, self.lock, line=12)
        tape.acquire(self.t2, self.lock, line=12)
        tape.acquire(self.t3, self.lock, line=20)
        tape.acquired(self.t1, self.gate, line=13)
        tape.put(self.t1, self.buffer, line=14)
        tape.put(self.t1, self.buffer, line=14)
        tape.join(tape.main, self.t1, line=40)
        tape.sleep(self.t1, 400, line=15)
        tape.prints("packed 1\npacked 2\n")
        tape.prints("Traceback: \x1b[2J\n", "stderr")
        tape.pass_ms(1234)

    @property
    def recording(self) -> Recording:
        return self.tape.recording

    @property
    def state(self) -> State:
        return reduce(self.recording)

    def sampled(self) -> "Scene":
        for i in range(12):
            threads = (
                ThreadSample(self.t1, 0, 0.62, 0.1, "holds" if i % 2 else "waits"),
                ThreadSample(self.t2, 1, 0.3, 0.0, "waits" if i % 2 else "holds"),
            )
            self.recording.samples.append(Sample(self.tape.now_ns, (0.1 * (i % 10), 0.95), threads))
        return self
