import os
import threading

lock = threading.Lock()
with lock:
    os._exit(3)
