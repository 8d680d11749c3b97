"""Real programs, run without a screen: what is reported, and what is not."""

from pathlib import Path
from textwrap import dedent

import pytest

from syncscope_engine.headless import run_headless
from syncscope_engine.report import exit_status
from syncscope_engine.session import Options, Target

STUCK = {
    "two locks in two orders": (
        """
        import threading
        a, b, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
        def work(first, second):
            with first:
                both.wait()
                with second:
                    pass
        threading.Thread(target=work, args=(a, b)).start()
        threading.Thread(target=work, args=(b, a)).start()
        """,
        ["deadlock", "lock_order_inversion"],
    ),
    "two asyncio locks in two orders": (
        """
        import asyncio
        async def work(first, second):
            async with first:
                await asyncio.sleep(0.02)
                async with second:
                    pass
        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(work(a, b), work(b, a))
        asyncio.run(main())
        """,
        ["deadlock", "lock_order_inversion"],
    ),
    "a worker without a closing signal": (
        """
        import queue, threading
        jobs = queue.Queue()
        def work():
            while True:
                jobs.get()
        worker = threading.Thread(target=work)
        worker.start()
        jobs.put(1)
        worker.join()
        """,
        ["deadlock"],
    ),
    "a notification before the wait": (
        """
        import threading
        ready = threading.Condition()
        def announce():
            with ready:
                ready.notify()
        early = threading.Thread(target=announce)
        early.start()
        early.join()
        with ready:
            ready.wait()
        """,
        ["lost_wakeup"],
    ),
}

HEALTHY = {
    "a pool that idles while the main thread works": """
        import time
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(abs, range(3))) == [0, 1, 2]
            time.sleep(0.8)
        """,
    "a timer of the event loop sets what everybody waits for": """
        import asyncio
        async def main():
            done = asyncio.Event()
            asyncio.get_running_loop().call_later(0.8, done.set)
            await done.wait()
        asyncio.run(main())
        """,
    "a time limit around two asyncio locks in two orders": """
        import asyncio
        async def work(first, second):
            try:
                async with asyncio.timeout(0.6):
                    async with first:
                        await asyncio.sleep(0.02)
                        async with second:
                            pass
            except TimeoutError:
                pass
        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(work(a, b), work(b, a))
        asyncio.run(main())
        """,
    "cancelled workers that tidy up": """
        import asyncio
        async def tidy():
            for _ in range(3):
                await asyncio.sleep(0.01)
        async def work(answer):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                await tidy()
                if answer:
                    raise
        async def main():
            tasks = [asyncio.create_task(work(answer)) for answer in (True, False)]
            await asyncio.sleep(0.02)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        asyncio.run(main())
        """,
}

WAITS_FOR_THE_OUTSIDE = {
    "a signal": """
        import signal, threading
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        stop.wait()
        """,
    "a connection": """
        import asyncio
        async def main():
            await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
            await asyncio.Event().wait()
        asyncio.run(main())
        """,
}


def run(folder: Path, source: str, timeout_s: float = 20) -> dict:
    script = folder / "program.py"
    script.write_text(dedent(source))
    return run_headless(Target("program", script=script), Options(timeout_s=timeout_s))


@pytest.mark.parametrize("name", STUCK)
def test_a_program_that_is_stuck_is_found_out_and_ended(tmp_path, name):
    source, kinds = STUCK[name]
    report = run(tmp_path, source)
    assert [finding["kind"] for finding in report["findings"]] == kinds
    assert (report["outcome"], exit_status(report)) == ("stuck", 1)
    assert report["duration_ns"] < 5e9


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_program_is_left_in_peace(tmp_path, name):
    report = run(tmp_path, HEALTHY[name])
    assert report["findings"] == []
    assert (report["outcome"], exit_status(report)) == ("finished", 0)


@pytest.mark.parametrize("name", WAITS_FOR_THE_OUTSIDE)
def test_waiting_for_the_outside_world_is_no_deadlock(tmp_path, name):
    report = run(tmp_path, WAITS_FOR_THE_OUTSIDE[name], timeout_s=1.2)
    assert report["findings"] == []
    assert (report["outcome"], exit_status(report)) == ("timed_out", 4)


def test_output_is_handed_over_as_it_comes(tmp_path):
    script = tmp_path / "program.py"
    script.write_text("print('one')\nimport sys\nprint('two', file=sys.stderr)\n")
    outputs = []
    run_headless(Target("program", script=script), on_output=outputs.append)
    assert [(output.stream, output.text) for output in outputs] == [("stdout", "one\n"), ("stderr", "two\n")]
