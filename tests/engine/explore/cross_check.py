"""The reduced search against brute force over states, on generated programs: `make cross-check`.

Every outcome that any order has must be found, and no other.
"""

import argparse
import sys
import time

from generated import PARTS, WITH_TIME, generate
from toy import all_outcomes

from syncscope_engine.control.dpor import Dpor

STATES, ORDERS = 200_000, 20_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first program")
    options = parser.parse_args()
    begin = time.perf_counter()
    compared = too_large = orders = cut = outcomes = 0
    wrong: list[int] = []
    for seed in range(options.first, options.first + options.programs):
        toy = generate(seed, WITH_TIME if seed % 3 == 0 else PARTS)
        expected = all_outcomes(toy, STATES)
        found: set[object] = set()
        strategy, n = Dpor(), 0
        while n < ORDERS and (choose := strategy.next()) is not None:
            result = toy.run(choose)
            if result.outcome == "cut":
                cut += 1
            else:
                n += 1
                found.add(toy.final_outcome(result))
            strategy.learn(result)
        orders += n
        if expected is None or n == ORDERS:
            too_large += 1
            continue
        compared += 1
        outcomes += len(expected)
        if found != expected:
            wrong.append(seed)
            print(f"program {seed}: {len(expected)} outcomes, {len(found & expected)} of them found")
    seconds = time.perf_counter() - begin
    print(f"{compared} programs compared, {too_large} too large, {len(wrong)} differ")
    print(f"{outcomes} outcomes, {orders} orders, {cut} cut, {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
