# expects: data_race
"""Two asyncio tasks read a balance, await, and write it; this time they do not come between each other."""

import asyncio


class Account:
    balance = 0


async def pay(account: Account, start: float) -> None:
    await asyncio.sleep(start)
    before = account.balance
    await asyncio.sleep(0.005)
    account.balance = before + 10


async def main() -> None:
    account = Account()
    await asyncio.gather(pay(account, 0.0), pay(account, 0.04), pay(account, 0.08))
    print(account.balance)


asyncio.run(main())
