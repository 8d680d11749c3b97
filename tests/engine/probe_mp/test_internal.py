"""What the standard library makes of these for itself is nobody's business."""

POOLS = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def doubles(n):
    return 2 * n


if __name__ == "__main__":
    context = multiprocessing.get_context(HOW)
    with context.Pool(1) as pool:
        print(pool.map(doubles, [1, 2]))
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        print(list(pool.map(doubles, [3, 4])))
    if HOW == "fork":
        with context.Manager() as manager:
            shared = manager.dict(a=1)
            print(shared["a"])
"""


def test_pools_and_managers_make_no_locks_of_the_program(fork):
    story = fork(POOLS)
    assert story.printed.splitlines()[:2] == ["[2, 4]", "[6, 8]"]
    assert story.errors == ""
    kinds = {r.kind for r in story.tables.resources.values()}
    assert kinds <= {"executor", "future"}
