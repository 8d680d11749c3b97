"""Two locks in both orders, always under a third one; and in opposite orders at times that cannot meet."""

import threading

gate, left, right = threading.Lock(), threading.Lock(), threading.Lock()
moves: list[str] = []


def move(name: str, first: threading.Lock, second: threading.Lock) -> None:
    for _ in range(10):
        with gate, first, second:
            moves.append(name)


def alone(name: str, first: threading.Lock, second: threading.Lock) -> None:
    with first, second:
        moves.append(name)


threads = [
    threading.Thread(target=move, args=("to the right", left, right)),
    threading.Thread(target=move, args=("to the left", right, left)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for name, first, second in (("out", left, right), ("in", right, left)):
    thread = threading.Thread(target=alone, args=(name, first, second))
    thread.start()
    thread.join()
print(len(moves), moves[-2:])
