"""Six cars share three charging points, and every car gives its permit back twice."""

import argparse
import threading
import time

board_lock = threading.Lock()
charging = most = 0


def charge(pace: float) -> None:
    global charging, most
    with board_lock:  # the board over the gate counts who is inside
        charging += 1
        most = max(most, charging)
    time.sleep(pace)
    with board_lock:
        charging -= 1


def drive(points: threading.Semaphore, number: int, charges: int, pace: float) -> None:
    time.sleep(number * pace / 5)  # they arrive one after another
    for _ in range(charges):
        points.acquire()
        try:
            charge(pace)
            points.release()  # unplugged: the point is free
        finally:
            points.release()  # "to be safe": one more permit than there are points
        time.sleep(pace / 2)  # drive a round


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=6, help="threads")
    parser.add_argument("--points", type=int, default=3, help="permits of the semaphore")
    parser.add_argument("--charges", type=int, default=4, help="times that each car charges")
    parser.add_argument("--pace", type=float, default=0.7, help="seconds that a car charges")
    args = parser.parse_args()

    points = threading.Semaphore(args.points)  # counts whatever it is given
    cars = [
        threading.Thread(target=drive, args=(points, n, args.charges, args.pace), name=f"car-{n + 1}")
        for n in range(args.cars)
    ]
    for car in cars:
        car.start()
    for car in cars:
        car.join()
    print(f"charging points: {args.points}, most cars charging at once: {most}")


if __name__ == "__main__":
    main()
