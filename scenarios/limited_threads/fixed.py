"""One thread for each file of a folder.  All of them start at once; a semaphore lets a few read at a time."""

import argparse
import tempfile
import threading
import time
from pathlib import Path

LINE = "who waits for whom and why\n"  # six words


class Desk:
    """Where files are read: `places` at a time.  Knows how many are there, and how many ever were at once."""

    def __init__(self, places: int) -> None:
        self.places = threading.BoundedSemaphore(places)
        self.book, self.busy, self.most, self.words = threading.Lock(), 0, 0, 0

    def read(self, path: Path, pace: float) -> None:
        with self.places:
            with self.book:
                self.busy += 1
                self.most = max(self.most, self.busy)
            words = 0
            with path.open(encoding="utf-8") as file:
                for line in file:
                    words += len(line.split())
                    time.sleep(pace)  # a slow disk
            with self.book:
                self.busy -= 1
                self.words += words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=12, help="files in the folder; as many threads")
    parser.add_argument("--places", type=int, default=3, help="files that may be read at once")
    parser.add_argument("--pace", type=float, default=0.2, help="seconds that the disk takes for a line")
    args = parser.parse_args()

    desk, threads, start = Desk(args.places), [], time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(1, args.files + 1):
            Path(folder, f"notes-{n:02}.txt").write_text(LINE * (3 + n % 4 * 2), encoding="utf-8")
        for path in sorted(Path(folder).iterdir()):
            threads.append(threading.Thread(target=desk.read, args=(path, args.pace), name=path.stem))
            threads[-1].start()
        for thread in threads:
            thread.join()
    expected = sum(6 * (3 + n % 4 * 2) for n in range(1, args.files + 1))
    print(f"{len(threads)} threads, at most {desk.most} reading at once")
    print(f"{desk.words} words, expected {expected}: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
