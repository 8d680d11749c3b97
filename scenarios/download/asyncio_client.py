"""Downloads eight files with asyncio tasks on one thread.  The server is slow, and not everything goes well."""

import argparse
import asyncio
import hashlib
import tempfile
import time
from pathlib import Path

from file_server import PIECES, SIZE, aiohttp, serving


async def fetch(session: aiohttp.ClientSession, path: Path) -> None:
    async with session.get(f"/{path.stem}", raise_for_status=True) as response:
        with path.with_suffix(".part").open("wb") as file:
            for piece in range(1, PIECES + 1):
                file.write(await response.content.readexactly(SIZE))
                print(f"{path.stem:8}{100 * piece // PIECES:4} %")
    path.with_suffix(".part").rename(path)


async def download(session: aiohttp.ClientSession, path: Path) -> None:
    try:
        try:
            await fetch(session, path)
        except aiohttp.ClientPayloadError:
            print(f"{path.stem}: connection lost, second try")
            await fetch(session, path)
        print(f"{path.stem}: complete")
    except aiohttp.ClientResponseError as error:
        print(f"{path.stem}: {error.status} {error.message}")
    except asyncio.TimeoutError:
        print(f"{path.stem}: given up after {session.timeout.total:.1f} s")


async def main(address: str, paths: list[Path], limit: float) -> None:
    timeout = aiohttp.ClientTimeout(total=limit)  # for the whole of each request
    async with aiohttp.ClientSession(f"http://{address}", timeout=timeout) as session:
        tasks = [asyncio.create_task(download(session, path), name=path.stem) for path in paths]
        await asyncio.gather(*tasks)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that a file may take")
    parser.add_argument("--pace", type=float, default=0.5, help="seconds until the server sends a piece")
    args = parser.parse_args()

    start = time.perf_counter()
    with serving(args.pace) as (address, sums), tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(address, [Path(folder, f"{name}.bin") for name in sums], args.limit))
        whole = list(Path(folder).glob("*.bin"))
        right = sum(hashlib.sha256(path.read_bytes()).hexdigest() == sums[path.stem] for path in whole)
    seconds = time.perf_counter() - start
    print(f"{len(whole)} of {len(sums)} files, {right} with the right SHA-256: {seconds:.1f} s")
