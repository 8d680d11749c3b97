"""atexit, a thread that the interpreter waits for, a daemon that it does not, finalizers and weak references."""

import atexit
import threading
import time
import weakref


class Session:
    pass


cache: "weakref.WeakValueDictionary[str, Session]" = weakref.WeakValueDictionary()
cache_lock = threading.Lock()
everybody_has_it, main_is_done = threading.Barrier(3), threading.Event()


def session(name: str) -> Session:
    with cache_lock:
        found = cache.get(name)
        if found is None:
            found = cache[name] = Session()
            weakref.finalize(found, print, "session closed")
        return found


def use() -> None:
    mine = session("shared")
    everybody_has_it.wait()
    assert session("shared") is mine


def idle() -> None:
    while True:
        time.sleep(60)


def last() -> None:
    main_is_done.wait()
    print("the last thread")


atexit.register(print, "at exit")
threads = [threading.Thread(target=use) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
threads.clear()
del thread
print(len(cache))
threading.Thread(target=idle, daemon=True).start()
threading.Thread(target=last).start()
print("the main thread ends")
main_is_done.set()
