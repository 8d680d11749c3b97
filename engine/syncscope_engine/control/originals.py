"""The real primitives, kept before anything is replaced.  A leaf: imports nothing of ours."""

import _thread
import sys
import time

allocate_lock = _thread.allocate_lock
RLock = _thread.RLock
start_new_thread = _thread.start_new_thread
get_ident = _thread.get_ident
getframe = sys._getframe
monotonic = time.monotonic
clock_gettime = time.clock_gettime
sleep = time.sleep
TIMEOUT_MAX = _thread.TIMEOUT_MAX
