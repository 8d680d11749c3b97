"""Programs that show whether they are watched: they must print the same, to both streams, bare and probed."""

import subprocess
import textwrap
from pathlib import Path

import pytest

import pythons
from running import finish, printed, session_for
from syncscope_engine.session import Options

PROGRAMS = {
    "locks in destructors, to the very end": """
        import threading
        class Owner:
            def __init__(self):
                self.lock, self.rlock = threading.Lock(), threading.RLock()
                self.condition, self.semaphore = threading.Condition(), threading.Semaphore()
            def __del__(self):
                with self.lock, self.rlock, self.semaphore, self.condition:
                    self.condition.notify_all()
                print("deleted")
        kept = Owner()
        class Knot: pass
        knot = Knot()
        knot.self, knot.owner = knot, Owner()
        local = threading.local()
        def work():
            local.owner = Owner()
        t = threading.Thread(target=work)
        t.start()
        t.join()
        import builtins
        builtins.last = Owner()
    """,
    "an uncaught exception from within a queue": """
        import queue
        def outer():
            try:
                queue.Queue().get_nowait()
            except queue.Empty:
                queue.Queue(1).put(1, timeout="x")
        outer()
        queue.SimpleQueue().get(timeout=-1)
    """,
    "an uncaught exception from a lock": """
        import threading
        lock = threading.Lock()
        def outer():
            lock.release()
        outer()
    """,
    "an exception leaves a thread": """
        import threading
        def work():
            with threading.Condition():
                threading.Condition().notify()
        t = threading.Thread(target=work, name="T")
        t.start()
        t.join()
        threading.Semaphore(0).acquire(timeout=0.001)
        threading.BoundedSemaphore().release()
    """,
    "an excepthook of its own": """
        import sys, threading
        def hook(args):
            print(args.exc_type, args.exc_value, args.thread.name)
        threading.excepthook = hook
        def work():
            1 / 0
        t = threading.Thread(target=work, name="T")
        t.start()
        t.join()
        sys.excepthook = lambda *args: print(args[0])
        raise KeyError
    """,
    "a signal handler that raises out of a wait": """
        import signal, threading, time
        class Out(Exception): pass
        def handler(*args):
            raise Out
        signal.signal(signal.SIGALRM, handler)
        lock, condition, event = threading.Lock(), threading.Condition(), threading.Event()
        semaphore = threading.Semaphore(0)
        lock.acquire()
        def wait():
            with condition:
                condition.wait()
        for act in lock.acquire, wait, event.wait, semaphore.acquire, lambda: time.sleep(60):
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            try:
                act()
            except Out:
                print("out", lock.locked())
        lock.release()
        with condition:
            print("free")
    """,
    "signals that arrive all the time leave no lock taken": """
        import os, signal, threading, time
        class Out(Exception): pass
        n = 0
        def handler(*args):
            global armed, n
            n += 1
            if armed:
                armed = False
                raise Out
        armed = False
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        rlock, semaphore = threading.RLock(), threading.Semaphore()
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            try:
                armed = True
                rlock.acquire()
                armed = False
                rlock.release()
            except Out:
                while rlock._is_owned():
                    rlock.release()
        signal.setitimer(signal.ITIMER_REAL, 0)
        got = []
        t = threading.Thread(target=lambda: got.append(rlock.acquire(timeout=5)))
        t.start()
        t.join()
        print(got, n > 10)
    """,
    "destructors that use what is being used": """
        import gc, threading
        semaphore, event = threading.Semaphore(50), threading.Event()
        class Knot:
            def __init__(self, end):
                self.me, self.end = self, end
            def __del__(self):
                self.end()
        n = 0
        def release():
            global n
            n += 1
            semaphore.release()
        gc.set_threshold(1)
        for _ in range(200):
            Knot(release)
            semaphore.acquire()
            Knot(event.set)
            event.clear()
            Knot(event.set)
            event.set()
        gc.collect()
        gc.set_threshold(700)
        left = 0
        while semaphore.acquire(False):
            left += 1
        print(n, left, event.is_set())
    """,
    "a fork with locks": """
        import os, threading, warnings
        warnings.simplefilter("ignore")
        lock, rlock, condition = threading.Lock(), threading.RLock(), threading.Condition()
        def work():
            with lock, rlock:
                pid = os.fork()
                if not pid:
                    print("child", lock.locked(), rlock._is_owned(), threading.main_thread().name, flush=True)
            with condition:
                condition.notify()
            if not pid:
                print("child", lock.acquire(False), threading.active_count(), flush=True)
                t = threading.Thread(target=lock.release)
                t.start()
                t.join()
                os._exit(7)
            print("parent", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        t = threading.Thread(target=work, name="forks")
        t.start()
        t.join()
    """,
    "threads made in C, and threads that run nothing but a lock": """
        import _thread, ctypes, threading
        lock, rlock, semaphore, event = threading.Lock(), threading.RLock(), threading.Semaphore(), threading.Event()
        lock.acquire()
        _thread.start_new_thread(lock.release, ())
        print(lock.acquire(timeout=5))
        _thread.start_new_thread(rlock.acquire, ())
        _thread.start_new_thread(event.set, ())
        event.wait()
        @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
        def foreign(argument):
            lock.release()
            with semaphore, lock, lock if False else semaphore.__class__():
                print(threading.current_thread().name.startswith("Dummy"))
            return 0
        libc = ctypes.CDLL(None)
        thread = ctypes.c_ulong()
        libc.pthread_create(ctypes.byref(thread), None, foreign, None)
        libc.pthread_join(thread, None)
        print(lock.locked())
    """,
    "a deep recursion with a lock at its end": """
        import sys, threading
        lock, rlock = threading.Lock(), threading.RLock()
        def dig(n):
            try:
                with rlock, lock:
                    pass
            except RecursionError:
                pass
            return dig(n + 1)
        try:
            dig(0)
        except RecursionError:
            print("deep")
        t = threading.Thread(target=lambda: print(lock.acquire(timeout=1), rlock.acquire(timeout=1)))
        t.start()
        t.join()
    """,
    "what it traces of itself": """
        import sys, threading
        seen = []
        def trace(frame, event, argument):
            if event == "call" and frame.f_code.co_filename == __file__:
                seen.append(frame.f_code.co_name)
            return None
        threading.settrace(trace)
        lock = threading.Lock()
        def inner():
            with lock:
                pass
        def work():
            inner()
        t = threading.Thread(target=work)
        t.start()
        t.join()
        print(seen)
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_prints_the_same_bare_and_probed(name: str, version: str, tmp_path: Path) -> None:
    python = pythons.find(version) or ""
    options = Options(python=python, timeout_s=30, stdin="closed")
    with session_for(tmp_path, PROGRAMS[name], options) as session:
        script = tmp_path / "program.py"
        assert script.read_text() == textwrap.dedent(PROGRAMS[name])
        bare = subprocess.run(
            [python, str(script)],
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        session.start()
        finish(session)
    assert printed(session) == bare.stdout
    errors = printed(session, "stderr")
    if version != "3.10":  # whose tracebacks cannot be cleaned in all cases
        assert errors == bare.stderr
    assert session.exit_code == bare.returncode
    notes = session.recording.tables.notes
    assert not [n for n in notes if "probe failed" in n], notes
