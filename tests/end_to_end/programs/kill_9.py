import os
import signal
import threading

lock = threading.Lock()
with lock:
    os.kill(os.getpid(), signal.SIGKILL)
