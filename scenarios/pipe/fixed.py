"""A surgery and a laboratory, two processes, one pipe: samples go one way, results come back the other."""

import argparse
import time
from multiprocessing import Pipe, Process


def laboratory(to_surgery, surgery_end, pace: float) -> None:
    surgery_end.close()  # this process has a copy of it: open, it would hide the end of the messages
    while True:
        try:
            patient = to_surgery.recv()  # blocks until a message is there
        except EOFError:  # the other end is closed, and everything has been read
            break
        time.sleep(1.5 * pace)  # test the sample
        to_surgery.send(f"patient {patient}: {'ill' if patient % 3 == 0 else 'healthy'}")
    print("laboratory: the line is closed, good night")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=6, help="patients of the day")
    parser.add_argument("--batch", type=int, default=3, help="samples that are sent before results are read")
    parser.add_argument(
        "--pace", type=float, default=0.6, help="seconds for a sample; a test takes half as long again"
    )
    args = parser.parse_args()

    to_laboratory, to_surgery = Pipe()
    process = Process(target=laboratory, args=(to_surgery, to_laboratory, args.pace), name="laboratory")
    process.start()
    to_surgery.close()  # the laboratory has its own copy
    sent = 0
    while sent < args.patients:
        batch = min(args.batch, args.patients - sent)
        for _ in range(batch):
            time.sleep(args.pace)  # take the sample
            sent += 1
            to_laboratory.send(sent)
        asked = time.monotonic()
        for _ in range(batch):
            print(f"surgery: {to_laboratory.recv()}")  # blocks until the laboratory has answered
        print(f"surgery: waited {time.monotonic() - asked:.1f} s for {batch} results")
    to_laboratory.close()
    process.join()
