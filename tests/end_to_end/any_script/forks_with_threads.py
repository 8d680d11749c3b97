"""From 3.12 on the interpreter warns of it, on the line that forks."""

import os
import threading

go = threading.Event()
thread = threading.Thread(target=go.wait)
thread.start()
for _ in range(2):
    pid = os.fork()
    if not pid:
        os._exit(5)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
try:
    os.fork(1)  # type: ignore[call-arg]
except TypeError as error:
    print(error)
go.set()
thread.join()
