"""Each photo goes fetch → process → save, one step after the other.  Many photos are on their way at once."""

import argparse
import asyncio
import hashlib
import tempfile
import time
from pathlib import Path


async def fetch(number: int, pace: float) -> bytes:
    await asyncio.sleep(pace * (1 + number % 3))  # stands for the network
    return f"photo {number}".encode() * 1000


async def process(raw: bytes, rounds: int) -> bytes:
    seal = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", raw, b"salt", rounds)  # hard work
    return raw + seal


async def save(photo: bytes, path: Path) -> int:
    return await asyncio.to_thread(path.write_bytes, photo)


async def pipeline(number: int, folder: Path, pace: float, rounds: int) -> None:
    raw = await fetch(number, pace)
    photo = await process(raw, rounds)
    await save(photo, folder / f"photo-{number}.bin")


async def main(photos: int, pace: float, rounds: int) -> None:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbers = range(1, photos + 1)
        tasks = [asyncio.create_task(pipeline(n, folder, pace, rounds), name=f"photo-{n}") for n in numbers]
        await asyncio.gather(*tasks)
        seconds = time.perf_counter() - start
        sizes = [path.stat().st_size for path in folder.iterdir()]
    expected = sum(len(f"photo {n}") * 1000 + 32 for n in numbers)
    print(f"{len(sizes)} files, {sum(sizes)} bytes, expected {expected}")
    fetching = sum(pace * (1 + n % 3) for n in numbers)
    print(f"{fetching:.1f} s of fetching, everything done after {seconds:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=8, help="pipelines, an asyncio task for each")
    parser.add_argument("--pace", type=float, default=0.8, help="seconds; a fetch takes 1 to 3 times that")
    parser.add_argument("--rounds", type=int, default=1_000_000, help="rounds of work on each photo")
    args = parser.parse_args()
    asyncio.run(main(args.photos, args.pace, args.rounds))
