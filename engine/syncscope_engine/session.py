"""Runs one program under observation: start, follow, pause, stop, with all of its processes.

`poll` does the work, ten to thirty times a second, from one thread; the commands may come from another.
No command waits for the program: `stop` begins to stop it, later polls go on with that.
"""

import os
import signal
import subprocess
import threading
from contextlib import suppress
from time import perf_counter_ns
from typing import Literal

from . import directory
from .archive import Archivist
from .events import Event, Kind
from .family import Family, Process, is_tracker, send
from .follower import Follower
from .guard import Guard
from .interpreter import Interpreter, UsageError, check_module, find_interpreter
from .launch import Options, Target, arguments, launch
from .limits import Limits, offer_to_oom_killer
from .output import Capture, InputPipe
from .recording import Output, Recording

__all__ = ["Options", "Outcome", "Session", "Status", "Target", "UsageError"]

Status = Literal["starting", "running", "paused", "ended"]
Outcome = Literal["finished", "failed", "stuck", "timed_out", "killed"]

_GENTLE = (signal.SIGINT, signal.SIGTERM)
_PATIENCE_NS = 1_000_000_000  # with each gentle signal
_GRACE_NS = 2_000_000_000  # for what outlives the first process
_PAUSE_NOTE = (
    "While the program is paused, its own clock goes on: time limits and sleeps that are over by then "
    "end at once when it goes on."
)


_SLOW_NOTE = (
    "While the program is slowed, its own clock goes on: time limits and sleeps are not stretched, what is "
    "raced for may be won by somebody else, and who holds up an event loop is not judged."
)

_DEFAULTS = Options()


class Session:
    def __init__(self, target: Target, options: Options = _DEFAULTS) -> None:
        """Raises `UsageError` when `target` cannot be run."""
        self.target = target
        self.options = options
        try:
            self.recording = Recording(options.record)
        except OSError as error:
            raise UsageError(f"{options.record} cannot be written: {error.strerror}.") from None
        self._archivist = Archivist(self.recording, options.record is not None)
        self.status: Status = "starting"
        self.outcome: Outcome | None = None
        self.exit_code: int | None = None
        self.pid: int | None = None
        if not os.path.isdir("/proc/self/task"):
            raise UsageError("Syncscope can watch programs on Linux only, so far.")
        self.interpreter: Interpreter = find_interpreter(options.python)
        self._arguments = arguments(target)
        if target.module is not None:
            check_module(self.interpreter, target.module, target.cwd)
        self._lock = threading.RLock()
        self._input: InputPipe | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted: Outcome | None = None  # outcome of the stop in progress
        self._stuck = False
        self._signals_left = list(_GENTLE)
        self._next_signal_ns = 0
        self._main_ended_ns = 0
        self._limits = Limits()
        self._paused_ns = 0  # when the present pause began
        self._paused_total_ns = 0
        self._end_ns = 0
        self._closed = False
        self._directory = ""
        self._was_slowed = False

    # -- life

    def start(self) -> None:
        """Start the program; what it does is on the recording after the next `poll`."""
        try:
            self._directory = directory.create()
        except OSError as error:
            raise UsageError(f"There is no place for the files of the session: {error.strerror}.") from None
        self._capture = Capture(self.recording)
        self._follower = Follower(self._directory, self.recording)
        self._guard = Guard(self._directory)
        if self.options.stdin == "pipe":
            self._input = InputPipe()
        self.recording.tables.start_ns = perf_counter_ns()
        try:
            self._process = launch(
                self.interpreter,
                self._arguments,
                self.target.cwd,
                self.options,
                self._directory,
                self._capture,
                self._input,
            )
        except UsageError:
            self.close()
            raise
        self.pid = self._process.pid
        self._guard.watch(self.pid)
        if self.options.slow_ns:
            self.slow(self.options.slow_ns)
        offer_to_oom_killer(self.pid)
        self._family = Family(self._directory, self.pid)
        self._family.leave_out(self._guard.pid)
        self._follower.expect(self.pid)
        if not self.interpreter.gil:
            self._follower.note(
                "This Python runs without a GIL; the order of records of different threads is less certain."
            )

    def close(self) -> None:
        """Kill what is left, delete the session directory."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            if self._process is not None:
                if self.status != "ended":
                    if not self._main_has_ended():
                        self._wanted = self._wanted or "killed"
                    self._kill_all()
                    self._finish()
                self._family.kill()
            if self._directory:
                self._follower.close()
                directory.remove(self._directory)
                self._guard.dismiss()
                self._capture.close()
            if self._input is not None:
                self._input.close()
            self._archivist.keep(perf_counter_ns(), at_once=True)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- following

    @property
    def now_ns(self) -> int:
        """The clock; it stands still while paused, and after the end."""
        return self._end_ns or self._paused_ns or perf_counter_ns()

    def poll(self) -> list[Event]:
        """Everything new since the last call, on the recording; returns the new events."""
        with self._lock:
            if self._process is None or self._closed or self.status == "ended":
                return []
            if self._input is not None:
                self._input.poll()
            self._main_has_ended()
            self._capture.poll(perf_counter_ns())
            events = self._follower.poll()
            if self.status == "starting" and self._follower.main_task:
                self.status = "running"
            self._judge()
            if self._over():
                events += self._finish()
            if not self._archivist.keep(perf_counter_ns()):
                self._follower.note(self._archivist.problem)
            return events

    def _main_has_ended(self) -> bool:
        assert self._process is not None
        if not self._main_ended_ns:
            status = self._process.poll()
            if status is None:
                return False
            self._main_ended_ns = perf_counter_ns()
            self.exit_code = status
            self._follower.main_ended(status)
        return True

    def _judge(self) -> None:
        """Time limit, number of processes, memory, and the next step of a stop."""
        now_ns = perf_counter_ns()
        if self._wanted is not None:
            if now_ns >= self._next_signal_ns and not self._main_ended_ns:
                self._urge(now_ns)
            return
        limit = self.options.timeout_s
        if limit is not None and not self._paused_ns and not self._main_ended_ns:
            ran_ns = now_ns - self.recording.tables.start_ns - self._paused_total_ns
            if ran_ns > limit * 1e9:
                self.stop("timed_out")
                return
        reason = self._limits.exceeded(self._family, self._follower.n_processes)
        if reason is not None:
            self._follower.note(reason)
            self._wanted = "killed"
            self._kill_all()

    def _over(self) -> bool:
        """Has the first process ended, and with it, or within its grace, everybody?"""
        if not self._main_ended_ns:
            return False
        rest = self._family.members()
        if not rest:
            return True
        waited_ns = perf_counter_ns() - self._main_ended_ns
        if self._wanted is None and waited_ns < _GRACE_NS:
            if waited_ns > _GRACE_NS // 4 and not all(self._goes_by_itself(process) for process in rest):
                self._follower.note(
                    "The program's first process has ended; processes that it started and did not wait for "
                    "are killed after 2 seconds."
                )
            return False
        self._kill_all()
        return True

    def _goes_by_itself(self, process: Process) -> bool:
        """Fork servers and resource trackers end when the last process of the program has ended."""
        info = self.recording.tables.tasks.get(self._follower.task_of_pid(process.pid))
        return is_tracker(process) or (info is not None and info.internal)

    def _finish(self) -> list[Event]:
        """The last records and the last output; the verdict."""
        self._main_has_ended()
        now_ns = perf_counter_ns()
        self._capture.poll(now_ns)
        events = self._follower.poll(final=True)
        if self._capture.n_forgotten:
            self._follower.note(
                f"The program printed much: the oldest {self._capture.n_forgotten >> 20} MB are not kept."
            )
        if self._follower.n_damaged:
            self._follower.note(f"{self._follower.n_damaged} damaged records or lines were left out.")
        if not self._follower.main_task:
            self._follower.note("The program ended before it could be observed.")
        self._end_ns = max(now_ns, self.recording.end_ns)
        self._paused_ns = 0
        self.status = "ended"
        if self._wanted is not None:
            self.outcome = self._wanted
        else:
            self.outcome = "finished" if self.exit_code == 0 else "failed"
        self._archivist.conclude(self)
        return events

    # -- commands

    def pause(self) -> None:
        """Stop every process (SIGSTOP); nothing in the program runs when this returns."""
        with self._lock:
            if self.status not in ("starting", "running") or self._process is None or self._wanted:
                return
            if not self._family.freeze():
                self._follower.note("Some of the program's processes could not be stopped for the pause.")
            self._paused_ns = perf_counter_ns()
            self.status = "paused"
            self._follower.note(_PAUSE_NOTE)
            self._follower.observe(Kind.PAUSE, t_ns=self._paused_ns)

    def resume(self) -> None:
        with self._lock:
            if self.status != "paused":
                return
            now_ns = perf_counter_ns()
            self._paused_total_ns += now_ns - self._paused_ns
            self._paused_ns = 0
            self.status = "running" if self._follower.main_task else "starting"
            self._follower.observe(Kind.RESUME, t_ns=now_ns)
            self._family.thaw()

    def slow(self, delay_ns: int) -> None:
        """Hold every thread of the program up for `delay_ns` at each operation; 0: no longer."""
        with self._lock:
            if self._process is None or self.status == "ended":
                return
            self._follower.slow(max(delay_ns, 0))
            if not self._was_slowed:
                self._was_slowed = True
                self._follower.note(_SLOW_NOTE)

    def mark_stuck(self) -> None:
        """Nobody in the program can ever go on: the outcome of the stop that follows is `stuck`."""
        self._stuck = True

    def stop(self, outcome: Outcome = "killed") -> None:
        """Begin to stop the program: it is asked (SIGINT, SIGTERM), then killed, with every descendant.

        Go on polling until `status` is `ended`, at most some 2 seconds later.  A stuck program is killed at once.
        """
        with self._lock:
            if self._process is None or self.status == "ended" or self._wanted is not None:
                return
            if self._main_has_ended():
                self._kill_all()  # it ended by itself; what it left behind is stopped
                return
            self._wanted = "stuck" if self._stuck else outcome
            if self._wanted == "stuck":
                self._signals_left.clear()  # a KeyboardInterrupt would change the picture that is to be shown
            elif self.status == "paused":
                self.resume()
            self._urge(perf_counter_ns())

    def _urge(self, now_ns: int) -> None:
        """Send the next, stronger signal."""
        assert self.pid is not None
        self._next_signal_ns = now_ns + _PATIENCE_NS
        if self._main_ended_ns:
            return
        if self._signals_left:
            number = self._signals_left.pop(0)
            self._follower.observe(Kind.KILL, self._follower.main_task, number)
            send(self.pid, number)
        else:
            self._kill_all()

    def _kill_all(self) -> None:
        assert self._process is not None
        main_lives = self._process.poll() is None
        now_ns = perf_counter_ns()
        for pid in self._family.kill():
            task = self._follower.task_of_pid(pid)
            if task and (pid != self.pid or main_lives):
                self._follower.observe(Kind.KILL, task, signal.SIGKILL, now_ns)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)

    def send_input(self, text: str) -> None:
        """Write to the program's standard input; never waits."""
        with self._lock:
            if self._input is not None and self.status != "ended":
                self._input.send(text.encode("utf-8", "replace"))
                self._capture.add(Output(self.now_ns, "stdin", text))

    def close_input(self) -> None:
        """End of the program's standard input."""
        with self._lock:
            if self._input is not None:
                self._input.finish()
