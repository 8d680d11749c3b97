"""Ignores polite signals, and so does its child, which has a session of its own."""

import os
import signal
import time

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
print("child" if os.getppid() == 1 else "here", os.getpid(), flush=True)
while True:
    time.sleep(60)
