# expects: deadlock
"""A method takes a plain lock and calls another one that takes it too."""

import threading


class Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.balance = 100

    def pay(self, amount: int) -> None:
        with self.lock:
            self.balance -= amount

    def pay_twice(self, amount: int) -> None:
        with self.lock:
            self.pay(amount)
            self.pay(amount)


Account().pay_twice(10)
