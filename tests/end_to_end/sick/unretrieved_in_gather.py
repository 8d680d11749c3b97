# expects: unretrieved_exception
"""Two of three calls fail; gather() raises the first exception and drops the second."""

import asyncio


async def ask(n: int) -> int:
    await asyncio.sleep(0.01 * n)
    if n:
        raise ConnectionError(f"service {n}")
    return n


async def main() -> None:
    try:
        await asyncio.gather(*(ask(n) for n in range(3)))
    except ConnectionError as error:
        print(error)
    await asyncio.sleep(0.05)


asyncio.run(main())
