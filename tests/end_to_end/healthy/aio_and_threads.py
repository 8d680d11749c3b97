"""Two event loops in two threads and a pool: run_coroutine_threadsafe, call_soon_threadsafe, to_thread."""

import asyncio
import threading
import time

loop = asyncio.new_event_loop()
server = threading.Thread(target=loop.run_forever)
server.start()


async def double(n: int) -> int:
    await asyncio.sleep(0.002)
    return n * 2


def blocking(n: int) -> int:
    time.sleep(0.005)
    if n == 3:
        raise ValueError("three")
    return n + 1


async def main() -> None:
    print(await asyncio.gather(*(asyncio.wrap_future(ask(n)) for n in range(4))))
    results = await asyncio.gather(
        *(asyncio.to_thread(blocking, n) for n in range(5)), return_exceptions=True
    )
    print(results)
    here, told = asyncio.get_running_loop(), asyncio.Event()
    threading.Thread(target=here.call_soon_threadsafe, args=(told.set,)).start()
    await told.wait()
    print(await here.run_in_executor(None, blocking, 10))


def ask(n: int):
    return asyncio.run_coroutine_threadsafe(double(n), loop)


print([ask(n).result(20) for n in range(3)])
asyncio.run(main())
loop.call_soon_threadsafe(loop.stop)
server.join()
loop.close()
