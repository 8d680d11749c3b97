"""Statistics of CSV files, by a pool of processes.  One file is damaged; it is reported, the others are done."""

import argparse
import csv
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from math import isclose
from pathlib import Path

COLUMNS = ("temperature", "pressure", "humidity")


def statistics(columns: list[list[float]]) -> list[float]:
    return [value for column in columns for value in (sum(column) / len(column), min(column), max(column))]


def examine(path: Path) -> list[float]:
    columns = [[] for _ in COLUMNS]
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            for name, column in zip(COLUMNS, columns, strict=True):
                column.append(float(row[name]))
    return [len(columns[0]), *statistics(columns)]


def make(path: Path, rows: int) -> list[float]:
    """Writes a file of measurements; returns what must be found in it."""
    day = [[round(random.uniform(0, 100), 2) for _ in COLUMNS] for _ in range(1000)]
    path.write_text(",".join(COLUMNS) + "\n" + "".join(f"{a},{b},{c}\n" for a, b, c in day) * rows)
    return [rows * 1000, *statistics(list(zip(*day, strict=True)))]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=12, help="CSV files, one of them damaged")
    parser.add_argument("--rows", type=int, default=200, help="thousands of rows of each file")
    parser.add_argument("--workers", type=int, default=4, help="processes in the pool")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"station-{n + 1}.csv") for n in range(args.files)]
        expected = {path.name: make(path, args.rows) for path in paths}
        paths[2].write_text(paths[2].read_text() + "20.5,no reading,1\n")
        start, results = time.perf_counter(), Path(folder, "results.csv")
        with ProcessPoolExecutor(args.workers) as pool, results.open("w", newline="") as file:
            jobs = {pool.submit(examine, path): path.name for path in paths}
            for job in as_completed(jobs):
                try:
                    csv.writer(file).writerow([jobs[job], *job.result()])
                    print(f"{jobs[job]}: {job.result()[0]} rows")
                except ValueError as error:
                    print(f"{jobs[job]}: {error}")
        saved = list(csv.reader(results.open(newline="")))
        right = sum(all(map(isclose, map(float, row), expected[name])) for name, *row in saved)
    print(f"{len(saved)} of {len(paths)} files saved, {right} verified: {time.perf_counter() - start:.1f} s")
