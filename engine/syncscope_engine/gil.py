"""Reads from outside which thread holds the GIL, and which wait for it.  Always a sample, never an observation."""

import json
import os
import struct
import subprocess
from contextlib import suppress
from pathlib import Path

from .interpreter import Interpreter

_CALIBRATION = Path(__file__).resolve().parent / "gil_calibration.py"
_PATIENCE_NS = 20_000_000_000
_GIL_SIZE = 256  # the GIL's own mutex and condition follow the holder word within so many bytes
_FUTEX = {"x86_64": b"202", "aarch64": b"98"}


class GilReader:
    """Calibrates itself in the background; `why_not` says why nothing can be read."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.why_not = ""
        self._holder = 0
        self._native = 0
        self._file = ""
        self._addresses: dict[int, int] = {}  # pid -> address of the holder word, 0 = cannot be read
        self._memory: dict[int, int] = {}  # pid -> descriptor
        self._futex = _FUTEX.get(os.uname().machine, b"")
        self._calibration: subprocess.Popen[bytes] | None = None
        self._deadline_ns = 0
        if not interpreter.gil:
            self.why_not = "this Python runs without a GIL"
        elif interpreter.version < (3, 11):
            self.why_not = f"Python {interpreter.version_text} does not keep the native ids of its threads"
        else:
            self._begin(interpreter)

    @property
    def calibrated(self) -> bool:
        return bool(self._holder)

    def holder(self, pid: int, now_ns: int) -> int:
        """Native id of the thread of process `pid` that holds the GIL; 0 = nobody, or not known."""
        address = self._address(pid, now_ns)
        if not address:
            return 0
        for _ in range(3):
            before = self._read(pid, address, 16)
            state, locked = struct.unpack("=QI4x", before) if len(before) == 16 else (0, 0)
            if not state or locked != 1:
                return 0
            native = self._read(pid, state + self._native, 8)
            if self._read(pid, address, 16) == before and len(native) == 8:
                return int(struct.unpack("=Q", native)[0])
        return 0

    def waits(self, pid: int, syscall: bytes) -> bool:
        """Does a thread of `pid` wait for the GIL?  `syscall`: its /proc file of that name."""
        address = self._addresses.get(pid, 0)
        words = syscall.split(maxsplit=2)
        if not address or len(words) < 2 or words[0] != self._futex:
            return False
        return address < int(words[1], 16) < address + _GIL_SIZE

    def forget(self, pid: int) -> None:
        self._addresses.pop(pid, None)
        descriptor = self._memory.pop(pid, -1)
        if descriptor >= 0:
            os.close(descriptor)

    def close(self) -> None:
        for pid in list(self._memory):
            self.forget(pid)
        if self._calibration is not None:
            self._calibration.kill()
            self._calibration.communicate()
            self._calibration = None

    def _begin(self, interpreter: Interpreter) -> None:
        try:
            self._calibration = subprocess.Popen(
                [interpreter.executable, "-I", "-S", str(_CALIBRATION)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self.why_not = str(error.strerror)

    def _ready(self, now_ns: int) -> bool:
        if self._calibration is not None:
            self._deadline_ns = self._deadline_ns or now_ns + _PATIENCE_NS
            if self._calibration.poll() is None:
                if now_ns > self._deadline_ns:
                    self.why_not = "the calibration did not end"
                    self.close()
                return False
            answer, _ = self._calibration.communicate()
            self._calibration = None
            found: dict[str, object] = {}
            with suppress(ValueError):
                found = json.loads(answer)
            file, holder, native = found.get("file"), found.get("holder"), found.get("native")
            if isinstance(file, str) and isinstance(holder, int) and isinstance(native, int):
                self._file, self._holder, self._native = file, holder, native
            else:
                self.why_not = str(found.get("error") or "the calibration failed")
        return bool(self._holder)

    def _address(self, pid: int, now_ns: int) -> int:
        if not self._ready(now_ns):
            return 0
        address = self._addresses.get(pid)
        if address is None:
            address = self._addresses[pid] = self._locate(pid)
        return address

    def _locate(self, pid: int) -> int:
        """Address of the holder word in process `pid`, if it runs the file that was calibrated."""
        try:
            with open(f"/proc/{pid}/maps") as maps:
                starts = [
                    int(line.partition("-")[0], 16)
                    for line in maps
                    if line.split(maxsplit=5)[-1].rstrip("\n") == self._file
                ]
            if not starts:
                return 0
            self._memory[pid] = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            self.why_not = f"the program's memory cannot be read ({error.strerror})"
            return 0
        return min(starts) + self._holder

    def _read(self, pid: int, address: int, size: int) -> bytes:
        try:
            return os.pread(self._memory[pid], size, address)
        except (OSError, OverflowError, KeyError):
            return b""
