"""Signals, atexit, tracing, profiling, hooks for what nobody catches, stacks."""

import atexit
import inspect
import logging
import signal
import sys
import threading
import traceback

atexit.register(print, "the end")
atexit.register(lambda: 1 / 0)
signal.signal(signal.SIGALRM, lambda number, frame: print("signal", number, frame and frame.f_lineno))


def in_a_frame() -> str:
    traceback.print_stack()
    logging.error("with a stack", stack_info=True)
    print([(frame.function, frame.lineno) for frame in inspect.stack()], traceback.extract_stack(limit=-2))
    with threading.Lock(), threading.Condition():
        return "done"


def trace(frame, event, argument):  # type: ignore[no-untyped-def]
    files.add(frame.f_code.co_filename)
    if frame.f_code is in_a_frame.__code__:
        traced.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return trace
    return None


def work() -> None:
    try:
        in_a_frame()
        raise OSError("first")
    except OSError:
        raise KeyError("then") from None


signal.raise_signal(signal.SIGALRM)
traced: list[tuple[str, int]] = []
files: set[str] = set()
sys.settrace(trace)
in_a_frame()
sys.settrace(None)
print(traced, [file for file in files if "probe" in file], "threading" in str(files))
profile: list[str] = []
profiler = lambda frame, event, argument: profile.append(frame.f_code.co_filename)  # noqa: E731
sys.setprofile(profiler)
with threading.Lock(), threading.Condition():
    print(sys.getprofile() is profiler, sys.gettrace())
sys.setprofile(None)
print([file for file in profile if "probe" in file], __file__ in profile)

thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
threading.excepthook = lambda args: print(
    args.exc_type, args.thread.name, traceback.format_tb(args.exc_traceback)
)
thread = threading.Thread(target=work, name="worker with a hook")
thread.start()
thread.join()
sys.excepthook = lambda kind, error, trace: print(kind, traceback.format_tb(trace), error.__context__)
work()
