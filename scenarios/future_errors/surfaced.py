"""A club posts its invitations through a pool of threads.  Every future is asked what became of it."""

import argparse
import threading
import time
from concurrent.futures import ThreadPoolExecutor

ADDRESSES = {
    "Ada": "1 Loop Lane",
    "Ben": "2 Lock Street",
    "Cleo": "",
    "Dora": "4 Fork Road",
    "Eli": "5 Pipe Alley",
}


def post(guest: str, pace: float) -> str:
    time.sleep(pace)  # write the envelope
    if not ADDRESSES[guest]:
        raise LookupError(f"no address for {guest}")
    time.sleep(pace)  # walk to the letter box
    print(f"{threading.current_thread().name} posted the letter to {guest}")
    return ADDRESSES[guest]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--helpers", type=int, default=2, help="threads of the pool")
    parser.add_argument(
        "--pace", type=float, default=0.9, help="seconds for an envelope, and again for the walk"
    )
    args = parser.parse_args()

    with ThreadPoolExecutor(args.helpers, thread_name_prefix="helper") as helpers:
        letters = {guest: helpers.submit(post, guest, args.pace) for guest in ADDRESSES}
    invited = 0
    for guest, letter in letters.items():
        try:
            letter.result()  # the value, or the exception, raised here
            invited += 1
        except LookupError as error:
            print(f"{guest} is not invited: {error}")
    print(f"{invited} of {len(letters)} guests are invited")
