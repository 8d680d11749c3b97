"""Every way to start a process; classes of `__main__` are pickled on the way."""

import inspect
import multiprocessing
import os
import pickle
import subprocess
import sys


class Parcel:
    def __init__(self, inside: int) -> None:
        self.inside = inside


def child(parcel: Parcel, pipe) -> None:  # type: ignore[no-untyped-def]
    pipe.send((Parcel(parcel.inside + 1), __name__, sys.argv, multiprocessing.current_process().name))
    pipe.close()
    raise ValueError(parcel.inside)


if __name__ == "__main__":
    for method in "fork", "spawn", "forkserver":
        context = multiprocessing.get_context(method)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=child, args=(Parcel(1), theirs))
        process.start()
        theirs.close()
        parcel, *rest = ours.recv()
        process.join()
        print(parcel.inside, rest, process.exitcode, flush=True)
        with_value = context.Value("i", 3)
        print(with_value.value)
    print(pickle.loads(pickle.dumps(Parcel(2))).inside, pickle.dumps(Parcel))
    print(inspect.getsource(Parcel), inspect.getmodule(Parcel) is sys.modules["__main__"], flush=True)
    answer = subprocess.run([sys.executable, "-c", "import sys; sys.exit(len(sys.argv))"], check=False)
    print(answer.returncode, subprocess.check_output([sys.executable, "-c", "print(1)"]))
    if not (pid := os.fork()):
        os._exit(9)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
