"""One order goes from hand to hand through queues and an event; whoever has it changes it, without a lock."""

import queue
import threading


class Order:
    def __init__(self) -> None:
        self.price = 10
        self.n_steps = 0


def stage(inbox: queue.Queue, outbox: queue.Queue, factor: int) -> None:
    while (order := inbox.get()) is not None:
        order.price = order.price * factor
        order.n_steps += 1
        outbox.put(order)
    outbox.put(None)


queues = [queue.Queue() for _ in range(4)]
threads = [
    threading.Thread(target=stage, args=(queues[n], queues[n + 1], factor))
    for n, factor in enumerate((2, 3, 5))
]
for thread in threads:
    thread.start()
orders = [Order() for _ in range(10)]
for order in orders:
    order.n_steps += 1
    queues[0].put(order)
queues[0].put(None)
while (order := queues[-1].get()) is not None:
    order.n_steps += 1
for thread in threads:
    thread.join()

total = Order()
ready = threading.Event()


def second() -> None:
    ready.wait()
    total.n_steps += 1


thread = threading.Thread(target=second)
thread.start()
total.n_steps += 1
ready.set()
thread.join()
total.n_steps += 1
print({order.price for order in orders}, {order.n_steps for order in orders}, total.n_steps)
