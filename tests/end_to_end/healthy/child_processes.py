"""subprocess in threads: output read, input given, a time limit that is hit, an exit status that is expected."""

import subprocess
import sys
import threading

results: dict[str, object] = {}


def run(name: str, code: str, **options: object) -> None:
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **options)
        results[name] = done.returncode, done.stdout.strip()
    except subprocess.TimeoutExpired:
        results[name] = "too late"


threads = [
    threading.Thread(target=run, args=("print", "print(1 + 1)")),
    threading.Thread(target=run, args=("input", "print(input()[::-1])"), kwargs={"input": "abc\n"}),
    threading.Thread(target=run, args=("status", "raise SystemExit(3)")),
    threading.Thread(target=run, args=("late", "import time; time.sleep(60)"), kwargs={"timeout": 0.1}),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.items()))
