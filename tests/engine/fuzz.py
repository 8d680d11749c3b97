"""`make fuzz`: 10,000 mutations of recordings, those of real runs among them; what breaks is kept and named.

    fuzz.py [--mutations N] [--seed FIRST] [--keep FOLDER] [FILE ...]

FILE: recordings to mutate, instead of those made here.  Exit status 1 when something broke.
"""

import argparse
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from any_recording import language_of, use
from any_tape import a_program
from mutations import Mutator
from syncscope_engine.headless import run_headless
from syncscope_engine.session import Options, Target

SICK = Path(__file__).parents[1] / "end_to_end" / "sick"
RUNS = {
    "deadlock": SICK / "deadlock_nested_submit.py",
    "asyncio": SICK / "unretrieved_in_gather.py",
    "processes": SICK / "lost_update_between_processes.py",
}
PATIENCE_S = 20


def literal(folder: Path) -> Path:
    """A recording of some of everything, without a program having run."""
    path = folder / "literal.scope"
    recording = a_program().recording
    recording.sources["program.py"] = "pass\n"
    recording.facts["outcome"] = "finished"
    recording.save(path)
    return path


def record(name: str, folder: Path) -> Path:
    """A recording of a real run."""
    path = folder / f"{name}.scope"
    target = Target(name, RUNS[name])
    run_headless(target, Options(stdin="closed", timeout_s=60, record=path), sampled=True)
    return path


@contextmanager
def patience() -> Iterator[None]:
    """What takes for ever is a fault too."""

    def out(*_: object) -> None:
        raise TimeoutError(f"more than {PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, out)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()), help="for what broke")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = options.files or [literal(folder), *(record(run, folder) for run in RUNS)]
        mutators = [Mutator(file) for file in files]
        broken: dict[str, Path] = {}
        n_read = n_broken = 0
        path = folder / "mutated.scope"
        for seed in range(options.seed, options.seed + options.mutations):
            file = files[seed % len(files)]
            path.write_bytes(mutators[seed % len(files)].mutated(seed))
            try:
                with patience():
                    n_read += use(path, language_of(seed))
            except Exception as error:
                n_broken += 1
                where = traceback.extract_tb(error.__traceback__)[-1]
                what = f"{type(error).__name__} in {where.filename}:{where.lineno}"
                if what not in broken:
                    broken[what] = options.keep / f"syncscope-fuzz-{file.stem}-{seed}.scope"
                    broken[what].write_bytes(path.read_bytes())
                    traceback.print_exc()
    print(f"{options.mutations:,} mutations: {n_read:,} could be read in part or whole, {n_broken:,} broke")
    for what, kept in broken.items():
        print(f"  {what}  ({kept})")
    return int(n_broken > 0)


if __name__ == "__main__":
    sys.exit(main())
