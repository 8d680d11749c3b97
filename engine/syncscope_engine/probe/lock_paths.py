"""The hot paths of locks: what `with lock:` runs.

Three things keep it below three times the cost of a bare lock:

- They are closures of the one lock, held by slots named `__enter__` and `__exit__`.  `with` finds the slot's
  descriptor on the type and gets the closure from it: no method is bound, and cells are read faster than
  attributes.
- Owner and count go straight into the shared state words.  The count is written as its low byte: small
  integers are not allocated.
- What is recorded is rationed.  Once the budget of a frame is spent, one comparison with the frame word is all
  that remains.

An exception out of a signal handler can strike between the raw acquisition and our return; see
`LockProbe.stands`.  At the very entry of `__exit__` nothing can be done about it: there it leaves the lock
locked, as with every context manager that is written in Python.
"""

import sys
from collections.abc import Callable
from typing import Any

from . import frames, gate, recorder
from .lock_probe import S_IN, W_FRAME, LockProbe, me
from .originals import getframe
from .rlock_probe import RLockProbe

Enter = Callable[..., bool]
Exit = Callable[..., None]

words: "memoryview[int]"
low_bytes: "memoryview[int]"
_LOW_BYTE = 0 if sys.byteorder == "little" else 7


def _opened() -> None:
    global words, low_bytes
    words, low_bytes = recorder.words, memoryview(recorder.ring)


recorder.when_opened(_opened)


def of_lock(probe: LockProbe) -> "tuple[Enter, Exit]":
    """`depth`: how many frames out of the probe's method the program is."""
    raw = probe.raw
    value = probe.word
    count = (probe.word + S_IN) * 8 + _LOW_BYTE
    base = k = 0  # number of acquisitions: their sum

    def enter(depth: int = 2) -> bool:
        nonlocal base, k
        try:
            if raw.acquire(False):
                words[value] = thread = me.id
                k += 1
                if k < 256 and words[W_FRAME] == probe.quiet:
                    low_bytes[count] = k
                else:
                    base += k & 256
                    k &= 255
                    probe.entered(base + k, thread, depth)
                return True
        except BaseException as error:
            if probe.stands(error):
                return True
            raise
        return probe.acquire(True, -1, getframe().f_back)

    def leave(kind: Any, error: Any, trace: Any, depth: int = 2) -> None:
        try:
            words[value] = 0
            if not probe.owed:
                return
            slowed = probe.left_now(base + k, depth)
        finally:
            raw.release()
        if slowed:
            gate.stand(getframe().f_back)

    def count_one() -> int:
        nonlocal base, k
        base += (k + 1) & 256
        k = (k + 1) & 255
        return base + k

    probe.count_one = count_one
    probe.counted = lambda: base + k
    return enter, leave


def of_rlock(probe: RLockProbe) -> "tuple[Enter, Exit]":
    raw = probe.raw
    value = probe.word
    count = (probe.word + S_IN) * 8 + _LOW_BYTE
    base = k = 0

    def enter(depth: int = 2) -> bool:
        nonlocal base, k
        try:
            if raw.acquire(False):
                if probe.depth:
                    probe.entered_again(getframe().f_back)
                    return True
                words[value] = thread = me.id
                probe.depth = 1
                k += 1
                if k < 256 and words[W_FRAME] == probe.quiet:
                    low_bytes[count] = k
                else:
                    base += k & 256
                    k &= 255
                    probe.entered(base + k, thread, depth)
                return True
        except BaseException as error:
            if probe.stands(error):
                return True
            raise
        return probe.acquire(True, -1, getframe().f_back)

    def leave(kind: Any, error: Any, trace: Any, depth: int = 2) -> None:
        try:
            if not raw._is_owned():
                return  # the original raises, below
            if probe.depth != 1:
                if probe.depth:
                    probe.left_inner(getframe().f_back)
                return
            probe.depth = 0
            words[value] = 0
            if not probe.owed:
                return
            slowed = probe.left_now(base + k, depth)
        finally:
            raw.release()
        if slowed:
            gate.stand(getframe().f_back)

    def count_one() -> int:
        nonlocal base, k
        base += (k + 1) & 256
        k = (k + 1) & 255
        return base + k

    probe.count_one = count_one
    probe.counted = lambda: base + k
    return enter, leave


frames.step_over(globals(), ours=True)
