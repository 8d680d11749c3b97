"""Programs whose output does not depend on who is faster."""

THREADS = """
import queue, threading
from concurrent.futures import ThreadPoolExecutor

lock, again, permits = threading.Lock(), threading.RLock(), threading.BoundedSemaphore(2)
condition, done, barrier = threading.Condition(), threading.Event(), threading.Barrier(3)
box, shelf, bag, total = queue.Queue(1), [], queue.SimpleQueue(), 0

def add():
    global total
    barrier.wait()
    for _ in range(3):
        with lock, again, again, permits:
            total += 1

def take():
    for _ in range(3):
        with condition:
            condition.wait_for(lambda: shelf)
            bag.put(shelf.pop(0))
    while (item := box.get()) is not None:
        bag.put(item)
        box.task_done()
    box.task_done()
    done.set()

threads = [threading.Thread(target=add) for _ in range(3)] + [threading.Thread(target=take)]
for thread in threads:
    thread.start()
for item in range(3):
    with condition:
        shelf.append(item)
        condition.notify()
for item in ("a", "b", None):
    box.put(item)
box.join()
print(done.wait(30))
for thread in threads:
    thread.join()
print(total, [bag.get() for _ in range(5)])
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(lambda n: n * n, range(4))), pool.submit(abs, -7).result())
"""

TASKS = """
import asyncio

async def main():
    lock, room, box = asyncio.Lock(), asyncio.Semaphore(2), asyncio.Queue(1)

    async def put():
        for item in range(3):
            async with lock, room:
                await asyncio.sleep(0)
            await box.put(item)

    async def get():
        return [await box.get() for _ in range(3)]

    print(await asyncio.gather(put(), get(), asyncio.to_thread(abs, -1)))
    slow = asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    slow.cancel()
    print(await asyncio.gather(slow, return_exceptions=True))

asyncio.run(main())
"""

PROCESSES = """
import multiprocessing, sys, time

def work(lock, again, permits, box, pipe):
    start = time.perf_counter()
    with lock:
        held = time.perf_counter() - start
        with again, again, permits:
            box.put("from a child")
    pipe.send(held > float(sys.argv[2]) / 1000)
    pipe.close()

if __name__ == "__main__":
    how = multiprocessing.get_context(sys.argv[1])
    things = how.Lock(), how.RLock(), how.Semaphore(1), how.Queue()
    for _ in range(2):
        ours, theirs = how.Pipe()
        child = how.Process(target=work, args=(*things, theirs))
        child.start()
        print(things[3].get(), ours.recv())
        child.join()
        print(child.exitcode)
"""

ALONE = """
import queue, threading
lock, again, permits = threading.Lock(), threading.RLock(), threading.Semaphore(2)
condition, done, box, bag = threading.Condition(), threading.Event(), queue.Queue(), queue.SimpleQueue()
for _ in range(2):
    with lock: pass
    with again: again.acquire(); again.release()
    with permits: pass
    with condition: condition.notify()
    done.set(); done.wait(); done.clear()
    box.put(1); box.get(); box.task_done(); box.join()
    bag.put(1); bag.get()
    lock.acquire(); print(lock.acquire(False), lock.acquire(timeout=0.001)); lock.release()
"""

INTERRUPTED = """
import multiprocessing, queue, signal, sys, threading, time

lock, again, permits, condition = (
    threading.Lock(), threading.RLock(), threading.BoundedSemaphore(1), threading.Condition(threading.Lock())
)
box, full, bag, done = queue.Queue(), queue.Queue(), queue.SimpleQueue(), threading.Event()
shared, shared_permits = multiprocessing.Lock(), multiprocessing.BoundedSemaphore(1)
full.put(1)
main, armed, over = threading.get_ident(), False, False

def stands():
    frame = sys._current_frames()[main]
    while frame is not None:
        if frame.f_code.co_name == "stand":
            return True
        frame = frame.f_back
    return False

def shoot():
    "Interrupts the main thread whenever it is armed and held up."
    global armed
    while not over:
        if armed and stands():
            armed = False
            signal.pthread_kill(main, signal.SIGINT)
        time.sleep(0.001)

def arm():
    global armed
    armed = True

def within(thing):
    "The way in is not disturbed, the way out is."
    with thing:
        arm()

def enter(thing):
    arm()
    with thing:
        print("never comes here")

def call(function, *args):
    arm()
    function(*args)

def interrupted(name, act, *args):
    try:
        act(*args)
    except KeyboardInterrupt:
        print(name, "interrupted", lock.locked(), again._is_owned(), permits._value, condition._lock.locked(),
              box.qsize(), full.qsize(), bag.qsize(), done.is_set(), shared._semlock._is_zero(),
              shared_permits._semlock._get_value())

shooter = threading.Thread(target=shoot)
shooter.start()
for name, thing in (("lock", lock), ("rlock", again), ("semaphore", permits), ("condition", condition),
                    ("mp lock", shared), ("mp semaphore", shared_permits)):
    interrupted(name, enter, thing)
    interrupted(name, within, thing)
interrupted("put", call, box.put, 1)
interrupted("get", call, full.get)
interrupted("simple put", call, bag.put, 1)
interrupted("set", call, done.set)
interrupted("wait", call, done.wait)
interrupted("start", call, threading.Thread(target=print).start)
over = True
"""

HANDLED = """
import signal, sys, threading, time
asked, lock, times = threading.Event(), threading.Lock(), []

def handler(*_):
    start = time.perf_counter()
    asked.set()
    with lock:
        times.append(time.perf_counter() - start)

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.02)
while not times:
    time.sleep(0.001)
signal.setitimer(signal.ITIMER_REAL, 0.02)
asked.wait()
print(len(times), max(times) < float(sys.argv[1]) / 1000)
"""

WRITTEN_TO = """
import sys, threading
lock = threading.Lock()
for line in sys.stdin:
    with lock:
        print(line, end="")
print("over")
"""
