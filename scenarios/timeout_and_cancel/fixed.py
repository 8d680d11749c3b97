"""Five downloads under one timeout.  When it is over, each is cancelled at its await and tidies up."""

import argparse
import asyncio
import time


async def read_chunk(seconds: float) -> None:
    await asyncio.sleep(seconds)  # stands for the network


async def download(name: str, chunks: int, seconds: float) -> None:
    got = 0
    try:
        for _ in range(chunks):
            await read_chunk(seconds)
            got += 1
    finally:  # runs on success, on an error and on cancellation
        print(f"{name}: file closed after {got} of {chunks} chunks")


async def main(limit: float, chunks: int, pace: float) -> None:
    start = time.perf_counter()
    try:
        async with asyncio.timeout(limit), asyncio.TaskGroup() as group:
            for n in range(1, 6):
                name = f"download-{n}"
                group.create_task(download(name, chunks, pace * (1 + n / 10)), name=name)
    except TimeoutError:
        print("time is up")
    print(f"limit {limit:.2f} s, ended after {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=5.0, help="seconds that all downloads have together")
    parser.add_argument("--chunks", type=int, default=18, help="chunks of each download")
    parser.add_argument("--pace", type=float, default=0.4, help="seconds until the network brings a chunk")
    args = parser.parse_args()
    asyncio.run(main(args.limit, args.chunks, args.pace))
