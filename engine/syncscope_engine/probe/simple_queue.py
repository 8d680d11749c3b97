"""queue.SimpleQueue, a type written in C: a subclass that tells, for the program; the real one for others.

There is no lock under which to write.  A put is counted and recorded before it is done, since its item may be
gone at once; so it always precedes its get, and the depth is never too small.
"""

import queue
from typing import Any, NoReturn

from ..events import Failure, Kind
from . import frames, gate, recorder
from .originals import getframe, perf_counter_ns
from .recorder import S_IN, S_OUT, S_VALUE, W_GATE

PUT = int(Kind.PUT)
GET_WAIT, GET, GET_FAILED = int(Kind.GET_WAIT), int(Kind.GET), int(Kind.GET_FAILED)

emit = recorder.emit
_Raw: Any = queue.SimpleQueue
_NOTHING = object()


class _SimpleQueueType(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return super().__instancecheck__(instance) or type(instance) is _Raw


class SimpleQueue(_Raw, metaclass=_SimpleQueueType):  # type: ignore[misc]
    __slots__ = ("_probe",)
    __module__ = "queue"

    _probe: recorder.Resource

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        frame = getframe().f_back
        if cls is SimpleQueue and not frames.made_by_program(frame):
            return _Raw(*args, **kwargs)
        self = _Raw.__new__(cls, *args, **kwargs)
        try:
            self._probe = recorder.declare_resource("queue", cls.__name__, frame)
        except Exception as error:
            recorder.fault("SimpleQueue", error)
            return _Raw()
        return self

    def put(self, item: Any, block: Any = True, timeout: Any = None) -> None:
        probe = self._probe
        words = recorder.words
        if words[W_GATE]:
            gate.stand(getframe().f_back)
        probe.n_in += 1
        words[probe.word + S_IN] = probe.n_in
        words[probe.word + S_VALUE] = depth = probe.n_in - probe.n_out
        if probe.may_record():
            emit(PUT, probe.id, 0, depth, frames.acting(getframe().f_back), probe.take_flags())
        _Raw.put(self, item)

    def put_nowait(self, item: Any) -> None:
        self.put(item)

    def get(self, block: Any = True, timeout: Any = None) -> Any:
        patient = bool(block) and (timeout is None or (isinstance(timeout, (int, float)) and timeout > 0))
        item: Any = _NOTHING
        if recorder.words[W_GATE]:
            gate.stand(getframe().f_back)
        try:
            item = _Raw.get(self, False) if patient else _Raw.get(self, block, timeout)
        except queue.Empty:
            if not patient:
                self._failed(getframe().f_back)
                raise
        if item is _NOTHING:
            return self._wait(timeout)
        self._got(0, getframe().f_back)
        return item

    def get_nowait(self) -> Any:
        return self.get(False)

    def _wait(self, timeout: Any) -> Any:
        probe = self._probe
        outer = getframe().f_back
        frame = frames.acting(outer)
        start = perf_counter_ns()
        emit(GET_WAIT, probe.id, recorder.to_ns(timeout), 0, frame, probe.take_flags(), start)
        failure = Failure.CANCELLED
        try:
            item = _Raw.get(self, True, timeout)
        except queue.Empty:
            failure = Failure.TIMED_OUT
            raise
        else:
            failure = Failure.BUSY
            self._got(max(perf_counter_ns() - start, 1), frame)
            return item
        finally:
            if failure is not Failure.BUSY:
                emit(GET_FAILED, probe.id, perf_counter_ns() - start, int(failure), frame)

    def _failed(self, frame: Any) -> None:
        probe = self._probe
        if probe.may_record():
            emit(GET_FAILED, probe.id, 0, int(Failure.BUSY), frames.acting(frame), probe.take_flags())

    def _got(self, waited: int, frame: Any) -> None:
        probe = self._probe
        words = recorder.words
        probe.n_out += 1
        words[probe.word + S_OUT] = probe.n_out
        words[probe.word + S_VALUE] = depth = probe.n_in - probe.n_out
        if waited or probe.may_record():
            emit(GET, probe.id, waited, depth, frames.acting(frame), probe.take_flags())

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("cannot pickle '_queue.SimpleQueue' object")


def install() -> None:
    module: Any = queue
    module.SimpleQueue = SimpleQueue


frames.step_over(globals(), ours=True)
