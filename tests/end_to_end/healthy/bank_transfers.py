"""Transfers between accounts: two locks at a time, always in the order of the accounts' numbers."""

import random
import threading


class Account:
    def __init__(self, number: int, balance: int) -> None:
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


accounts = [Account(n, 100) for n in range(5)]


def transfer(source: Account, target: Account, amount: int) -> None:
    first, second = sorted((source, target), key=lambda account: account.number)
    with first.lock, second.lock:
        if source.balance >= amount:
            source.balance -= amount
            target.balance += amount


def clerk(seed: int) -> None:
    pick = random.Random(seed)
    for _ in range(60):
        transfer(*pick.sample(accounts, 2), pick.randint(1, 30))


clerks = [threading.Thread(target=clerk, args=(seed,)) for seed in range(4)]
for thread in clerks:
    thread.start()
for thread in clerks:
    thread.join()
print("total", sum(account.balance for account in accounts))
