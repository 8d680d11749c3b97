"""A page asks five services at once.  Two of them fail; gather() tells about the first and drops the second."""

import argparse
import asyncio
import time

SERVICES = {"news": 3, "stocks": 5, "weather": 2, "mail": 7, "calendar": 8}  # name: how slow it is
BROKEN = {"news", "stocks"}


async def ask(service: str, seconds: float) -> str:
    await asyncio.sleep(seconds)  # stands for the network
    if service in BROKEN:
        raise ConnectionError(f"{service} does not answer")
    print(f"{service} is ready")
    return f"<{service}>"


async def build_page(pace: float) -> str:
    tasks = [asyncio.create_task(ask(name, slow * pace), name=name) for name, slow in SERVICES.items()]
    parts = await asyncio.gather(*tasks)
    return " ".join(parts)


async def main(pace: float) -> None:
    start = time.perf_counter()
    try:
        page = await build_page(pace)
    except ConnectionError as error:
        page = f"Sorry: {error}."
    print(f"after {time.perf_counter() - start:.2f} s the page says: {page}")
    await asyncio.sleep(10 * pace - (time.perf_counter() - start))  # on to other pages
    print(f"after {time.perf_counter() - start:.2f} s the program ends")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pace", type=float, default=0.7, help="seconds; a service takes 2 to 8 times that")
    args = parser.parse_args()
    asyncio.run(main(args.pace))
