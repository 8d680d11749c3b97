"""Lock pairs at a steady pace: RATE events a second (an acquisition and a release are two), for SECONDS."""

import sys
import threading
import time

rate, seconds = float(sys.argv[1]), float(sys.argv[2])
lock = threading.Lock()
burst = max(1, int(rate * 0.002 / 2))
start = time.perf_counter()
done = 0
while (now := time.perf_counter() - start) < seconds:
    if done < now * rate / 2:
        for _ in range(burst):
            with lock:
                pass
        done += burst
    else:
        time.sleep(0.0005)
print(done * 2 / (time.perf_counter() - start))
