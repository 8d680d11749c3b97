"""Four cashiers pay into one till, and money disappears."""

import argparse
import hashlib
import threading
import time

balance = 0


def sign(receipt: str, work: int) -> str:
    """Seal a receipt.  Real work, slow on purpose as every good seal is, and done outside the GIL."""
    return hashlib.pbkdf2_hmac("sha256", receipt.encode(), b"till", work * 1000).hex()


def serve(customers: int, pace: float, work: int) -> None:
    global balance
    for _ in range(customers):
        time.sleep(pace)  # the next customer unpacks the basket
        before = balance  # read ...
        seal = sign(f"{before} + 10", work)
        balance = before + 10  # ... and write back: what others wrote in between is gone
        print(f"{threading.current_thread().name}: {before:3} + 10, receipt {seal[:6]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cashiers", type=int, default=4, help="threads")
    parser.add_argument("--customers", type=int, default=8, help="payments of 10 that each cashier takes")
    parser.add_argument("--pace", type=float, default=0.4, help="seconds between two customers")
    parser.add_argument("--work", type=int, default=400, help="thousands of hashing rounds per receipt")
    args = parser.parse_args()

    cashiers = [
        threading.Thread(target=serve, args=(args.customers, args.pace, args.work), name=f"cashier-{n + 1}")
        for n in range(args.cashiers)
    ]
    for cashier in cashiers:
        cashier.start()
    for cashier in cashiers:
        cashier.join()

    expected = args.cashiers * args.customers * 10
    print(f"paid: {expected}, in the till: {balance}, lost: {expected - balance}")


if __name__ == "__main__":
    main()
