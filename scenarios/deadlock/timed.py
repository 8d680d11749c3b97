"""Two cooks share one knife and one board.  Who waits too long for the second gives the first back."""

import argparse
import threading
import time

knife = threading.Lock()
board = threading.Lock()


def cook(first, second, patience: float, orders: list[int], opened: float, pace: float) -> None:
    name = threading.current_thread().name
    for hour in orders:
        time.sleep(max(0, opened + hour * pace - time.monotonic()))  # until the order comes in
        while True:
            with first:
                time.sleep(pace)  # wipe it
                if second.acquire(timeout=patience * pace):
                    time.sleep(pace)  # cut
                    second.release()
                    break
            print(f"{name} gives up, puts the first tool back and starts again")
            time.sleep(pace)
        print(f"{name} serves the order of {hour} o'clock")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=3, help="orders in the rush hour, each for both cooks")
    parser.add_argument(
        "--pace", type=float, default=0.4, help="seconds: a tool is wiped for one, food cut for one"
    )
    args = parser.parse_args()

    opened = time.monotonic()
    rush = [6 + 4 * n for n in range(args.orders)]  # before it, each cook has one order at a quiet hour
    anna = threading.Thread(target=cook, args=(knife, board, 4, [0, *rush], opened, args.pace), name="Anna")
    ben = threading.Thread(target=cook, args=(board, knife, 0.5, [3, *rush], opened, args.pace), name="Ben")
    for thread in (anna, ben):
        thread.start()
    for thread in (anna, ben):
        thread.join()
    print("the kitchen closes, every order is served")
