"""Signal handlers: an alarm that sets an event, a child that is told to stop and tidies up, one that is killed."""

import signal
import subprocess
import sys
import threading

rang = threading.Event()
signal.signal(signal.SIGALRM, lambda *_: rang.set())
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(rang.wait(20))

CHILD = """
import signal, sys, time
def stop(*_):
    print("tidied up")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
while True:
    time.sleep(0.01)
"""
child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True)
assert child.stdout is not None
print(child.stdout.readline().strip())
child.terminate()
print(child.communicate()[0].strip(), child.returncode)
