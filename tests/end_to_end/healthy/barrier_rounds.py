"""Four threads compute in rounds; between rounds a barrier, whose action adds up what they left in their slots."""

import threading

N = 4
slots = [1] * N
sums: list[int] = []
turn = 0


def add_up() -> None:
    global turn
    turn = turn + 1  # alone: everybody else stands at the barrier
    sums.append(sum(slots))


barrier = threading.Barrier(N, action=add_up)


def work(me: int) -> None:
    for _ in range(6):
        left = slots[me - 1]
        barrier.wait()
        slots[me] = slots[me] + left
        barrier.wait()


threads = [threading.Thread(target=work, args=(me,)) for me in range(N)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(turn, sums)
