"""What daemons do: close every descriptor that might be open.  Files that are opened afterwards are its own."""

import os
import tempfile
import threading

lock = threading.Lock()


def work() -> None:
    with lock:
        pass


os.closerange(3, 4096)
files = [tempfile.TemporaryFile() for _ in range(8)]  # noqa: SIM115
for i in range(5):
    thread = threading.Thread(target=work, name=f"after {i}")
    thread.start()
    thread.join()
pid = os.fork()
thread = threading.Thread(target=work)
thread.start()
thread.join()
if pid:
    os.waitpid(pid, 0)
print([file.seek(0, os.SEEK_END) for file in files], flush=True)
