import ctypes
import threading

lock = threading.Lock()
with lock:
    print("about to read address 0")
    ctypes.string_at(0)
