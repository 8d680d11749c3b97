"""Downloads eight files with a pool of threads.  The server is slow, and not everything goes well."""

import argparse
import hashlib
import http.client
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from file_server import PIECES, SIZE, serving


def fetch(address: str, path: Path, limit: float) -> None:
    start = time.perf_counter()
    connection = http.client.HTTPConnection(address, timeout=limit)  # for each wait, not for the whole
    connection.request("GET", f"/{path.stem}")
    with connection.getresponse() as response, path.with_suffix(".part").open("wb") as file:
        if response.status != 200:
            raise FileNotFoundError(f"{response.status} {response.reason}")
        for piece in range(1, PIECES + 1):
            if file.write(response.read(SIZE)) < SIZE:
                raise ConnectionError("connection lost")
            print(f"{path.stem:8}{100 * piece // PIECES:4} %")
            if (seconds := time.perf_counter() - start) > limit:  # nobody else can stop a thread
                raise TimeoutError(f"given up after {seconds:.1f} s")
    path.with_suffix(".part").rename(path)


def download(address: str, path: Path, limit: float) -> None:
    try:
        fetch(address, path, limit)
    except ConnectionError:
        print(f"{path.stem}: connection lost, second try")
        fetch(address, path, limit)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="threads in the pool")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a file may take")
    parser.add_argument("--pace", type=float, default=0.5, help="seconds until the server sends a piece")
    args = parser.parse_args()

    start = time.perf_counter()
    with serving(args.pace) as (address, sums), tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor(args.workers, thread_name_prefix="worker") as pool:
            paths = [Path(folder, f"{name}.bin") for name in sums]
            jobs = {pool.submit(download, address, path, args.limit): path.stem for path in paths}
            for job in as_completed(jobs):
                print(f"{jobs[job]}: {job.exception() or 'complete'}")
        whole = list(Path(folder).glob("*.bin"))
        right = sum(hashlib.sha256(path.read_bytes()).hexdigest() == sums[path.stem] for path in whole)
    seconds = time.perf_counter() - start
    print(f"{len(whole)} of {len(sums)} files, {right} with the right SHA-256: {seconds:.1f} s")
