"""Three tailors mend eight garments.  What no tailor has begun can still be withdrawn."""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

HOURS = (6, 2, 1, 3, 1, 2, 1, 4)  # that each garment takes, in units of the pace


def mend(number: int, pace: float, opened: float) -> float:
    time.sleep(HOURS[number % len(HOURS)] * pace)  # sew
    return time.monotonic() - opened  # when it was ready


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tailors", type=int, default=3, help="threads of the pool")
    parser.add_argument("--garments", type=int, default=8, help="garments to be mended")
    parser.add_argument(
        "--pace", type=float, default=0.6, help="seconds; a garment takes one to six times as long"
    )
    args = parser.parse_args()

    opened, shelf = time.monotonic(), 0.0
    with ThreadPoolExecutor(args.tailors, thread_name_prefix="tailor") as tailors:
        mended = [tailors.submit(mend, n, args.pace, opened) for n in range(args.garments)]
        print(f"{args.garments} garments taken in after {time.monotonic() - opened:.1f} s")
        time.sleep(1.5 * args.pace)  # two customers change their minds
        for number in (1, args.garments):
            withdrawn = mended[number - 1].cancel()
            print(f"garment {number}: {'withdrawn' if withdrawn else 'too late, a tailor has it'}")
        for number, future in enumerate(mended, 1):  # handed out in the order in which they came
            if future.cancelled():
                continue
            ready = future.result()
            now = time.monotonic() - opened
            print(f"garment {number}: ready at {ready:.1f} s, handed out at {now:.1f} s")
            shelf += now - ready
    print(f"ready garments lay on the shelf for {shelf:.1f} s in all")
