"""Colour pictures become grey ones, in a pool of processes.  Every pixel is computed in Python."""

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def paint(path: Path, side: int, red: int) -> None:
    """Writes a square colour picture (PPM): red is the same everywhere, green and blue run across."""
    row = b"".join(bytes((red, x % 256, x // 2 % 256)) for x in range(side))
    path.write_bytes(b"P6 %d %d 255\n" % (side, side) + row * side)


def to_grey(path: Path) -> Path:
    header, pixels = path.read_bytes().split(b"\n", 1)
    reds, greens, blues = pixels[0::3], pixels[1::3], pixels[2::3]
    grey = bytes((299 * r + 587 * g + 114 * b) // 1000 for r, g, b in zip(reds, greens, blues, strict=True))
    target = path.with_suffix(".pgm")
    target.write_bytes(header.replace(b"P6", b"P5") + b"\n" + grey)
    return target


def is_right(path: Path, side: int, red: int) -> bool:
    row = bytes((299 * red + 587 * (x % 256) + 114 * (x // 2 % 256)) // 1000 for x in range(side))
    return path.read_bytes() == b"P5 %d %d 255\n" % (side, side) + row * side


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=24, help="pictures to convert")
    parser.add_argument("--side", type=int, default=1000, help="pixels of a picture's side")
    parser.add_argument("--workers", type=int, default=4, help="processes in the pool")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"picture-{n + 1}.ppm") for n in range(args.pictures)]
        for n, path in enumerate(paths):
            paint(path, args.side, red=n % 256)
        start = time.perf_counter()
        with ProcessPoolExecutor(args.workers) as pool:
            grey = list(pool.map(to_grey, paths))
        seconds = time.perf_counter() - start
        right = sum(is_right(path, args.side, red=n % 256) for n, path in enumerate(grey))
    print(f"{len(grey)} pictures, {right} verified: {seconds:.2f} s")
