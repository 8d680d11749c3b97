"""Who draws first from a generator that tasks share gets another number: both orders are searched."""

import random
from pathlib import Path

import pytest
from real_programs import explored

from syncscope_engine.explore.verdict import Verdict

DRAWS = """
import random, threading
class Box:
    value = 0
generator = random.Random(3)
a, b = Box(), Box()
def work(box):
    box.value = {draw}
threads = [threading.Thread(target=work, args=(box,)) for box in (a, b)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert a.value {sign} b.value
"""


@pytest.mark.parametrize("sign", ["<=", ">="])
@pytest.mark.parametrize(
    "draw",
    ["random.random()", "random.randint(0, 1 << 30)", "generator.random()", "generator.randrange(1 << 30)"],
)
def test_both_orders_of_two_draws(tmp_path: Path, draw: str, sign: str) -> None:
    assert explored(tmp_path, DRAWS.format(draw=draw, sign=sign)).verdict is Verdict.FAILS


def test_the_numbers_are_those_of_the_seed(tmp_path: Path) -> None:
    draws = '[g.random(), g.randrange(1000), g.choice("abc"), g.getrandbits(70)]'
    expected = eval(draws, {"g": random.Random(5)})
    source = f"import random\ng = random.Random(5)\nassert {draws} == {expected!r}\n"
    assert explored(tmp_path, source).verdict is Verdict.EXHAUSTED
