"""Five philosophers; each takes the fork with the lower number first, so nobody waits in a ring."""

import threading

forks = [threading.Lock() for _ in range(5)]
meals = [0] * 5


def dine(seat: int) -> None:
    first, second = sorted((seat, (seat + 1) % 5))
    for _ in range(15):
        with forks[first], forks[second]:
            meals[seat] += 1


threads = [threading.Thread(target=dine, args=(seat,)) for seat in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(meals)
