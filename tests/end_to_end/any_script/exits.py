import sys
import threading


class Thing:
    def __str__(self) -> str:
        return "a thing"


def leave() -> None:
    sys.exit("only this thread")


thread = threading.Thread(target=leave)
thread.start()
thread.join()
ends = {
    "int": 3,
    "text": "what went wrong",
    "none": None,
    "thing": Thing(),
    "big": 300,
    "true": True,
    "pair": (1, 2),
}
sys.exit(ends[sys.argv[1]])
