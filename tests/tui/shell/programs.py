"""Small programs for tests of the command line."""

from pathlib import Path

ECHO = "import sys\nprint('got', *sys.argv[1:])\n"
LOST = """\
import threading, time
a, b = threading.Lock(), threading.Lock()
met = threading.Barrier(2)
def take(first, second):
    with first:
        met.wait()
        with second:
            pass
pair = [threading.Thread(target=take, args=order) for order in ((a, b), (b, a))]
for each in pair: each.start()
for each in pair: each.join()
"""
FAILS = "import sys\nsys.exit(7)\n"
FOR_EVER = """\
import multiprocessing, time
def idle():
    print('ready', flush=True)
    while True:
        time.sleep(0.05)
if __name__ == '__main__':
    child = multiprocessing.get_context('fork').Process(target=idle)
    child.start()
    idle()
"""


def write(folder: Path, **programs: str) -> None:
    for name, text in programs.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
