"""What is on the tape beside the events: output of the program, and the operating system's view of it."""

from typing import Literal, NamedTuple


class Output(NamedTuple):
    """A piece of what the program printed, or of what was given to it (`stdin`)."""

    t_ns: int
    stream: Literal["stdout", "stderr", "stdin"]
    text: str


class ThreadSample(NamedTuple):
    """One thread as the operating system sees it; everything here is *sampled*, not observed."""

    task: int
    core: int  # processor that it last ran on, true at that instant only
    run_share: float  # share of the time since the previous sample on a processor, 0..1
    wait_share: float  # share in the run queue: ready, without a processor
    gil: Literal["", "holds", "waits"]  # "" = neither, or not known on this platform


class Sample(NamedTuple):
    t_ns: int
    cores: tuple[float, ...]  # load of each core, 0..1, all programs of the machine
    threads: tuple[ThreadSample, ...] = ()
