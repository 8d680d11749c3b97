"""Three tailors mend eight garments.  Whatever is ready is handed out at once."""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

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
        mended = {tailors.submit(mend, n, args.pace, opened): n + 1 for n in range(args.garments)}
        print(f"{args.garments} garments taken in after {time.monotonic() - opened:.1f} s")
        for future in as_completed(mended):  # handed out in the order in which they are ready
            ready = future.result()
            now = time.monotonic() - opened
            print(f"garment {mended[future]}: ready at {ready:.1f} s, handed out at {now:.1f} s")
            shelf += now - ready
    print(f"ready garments lay on the shelf for {shelf:.1f} s in all")
