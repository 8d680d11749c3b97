"""`make bench`: prints every table that the README quotes.

python -m benchmarks [cost|capacity|screen|big|tape ...] [--python EXE ...] [--repeat N] [--window SECONDS] [--all]
"""

import argparse
import platform
import sys

import psutil

PARTS = ("cost", "capacity", "screen", "big", "tape")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), default=[])
    parser.add_argument(
        "--python", action="append", help="interpreter for the cost of probes; may be repeated"
    )
    parser.add_argument("--repeat", type=int, default=5, help="interleaved runs of each; medians are printed")
    parser.add_argument("--window", type=float, default=8.0, help="seconds that a screen is watched")
    parser.add_argument("--all", action="store_true", help="tape: ten million events too, some minutes")
    options = parser.parse_args()
    parts = options.parts or PARTS
    print(f"{platform.system()}, {psutil.cpu_count()} cores, Python {platform.python_version()}\n")
    if "cost" in parts:
        from . import tracers

        print("Cost of watching, as a multiple of the bare run beside it:\n")
        print("\n".join(tracers.report(options.python or [sys.executable], options.repeat)), "\n")
    if "capacity" in parts:
        from . import capacity

        print("Events per second without loss, every event recorded:\n")
        print("\n".join(capacity.report()), "\n")
    if "screen" in parts:
        from . import peers

        print("The app's own cost on the screen (terminal of 256 colours):\n")
        print("\n".join(peers.report(options.repeat, options.window)), "\n")
    if "big" in parts:
        from . import big

        print("Big programs on the screen, 80×24:\n")
        print("\n".join(big.report(options.window)), "\n")
    if "tape" in parts:
        from . import tape

        print("The tape, against the number of events (processor time, one core):\n")
        print("\n".join(tape.report(tape.ALL_SIZES if options.all else tape.SIZES)), "\n")


if __name__ == "__main__":
    main()
