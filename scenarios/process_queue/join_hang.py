"""A picker sends photographs of its harvest.  The office waits for the picker first, and reads afterwards."""

import argparse
import time
from multiprocessing import Process, Queue


def pick(photos, n_photos: int, kilobytes: int, pace: float) -> None:
    for number in range(1, n_photos + 1):
        time.sleep(pace)  # take a photograph
        photos.put(bytes(kilobytes * 1024))
        print(f"picker: photograph {number} put into the queue")
    print("picker: done, going home")  # the process ends when the queue's thread has sent everything


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=4, help="photographs that the picker sends")
    parser.add_argument("--kilobytes", type=int, default=40, help="size of a photograph; a pipe holds 64")
    parser.add_argument("--pace", type=float, default=0.6, help="seconds to take a photograph")
    args = parser.parse_args()

    photos = Queue()
    picker = Process(target=pick, args=(photos, args.photos, args.kilobytes, args.pace), name="picker")
    picker.start()
    picker.join()  # waits for a process that waits until somebody reads
    for number in range(1, args.photos + 1):
        print(f"office: photograph {number}, {len(photos.get())} bytes")
