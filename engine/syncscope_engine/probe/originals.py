"""The real primitives, kept before anything is patched.  A leaf: imports nothing of ours."""

import _thread
import sys
import time

allocate_lock = _thread.allocate_lock
RLock = _thread.RLock
start_new_thread = _thread.start_new_thread
get_ident = _thread.get_ident
get_native_id = _thread.get_native_id
local = _thread._local
TIMEOUT_MAX = _thread.TIMEOUT_MAX
perf_counter_ns = time.perf_counter_ns
thread_time_ns = time.thread_time_ns
sleep = time.sleep
getframe = sys._getframe
