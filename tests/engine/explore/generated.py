"""Random small programs over locks, variables, lists, semaphores, flags and a condition."""

from random import Random

from toy import Op, Toy

PARTS: tuple[tuple[Op, ...], ...] = (
    (("read", "x"),),
    (("write", "x", None),),
    (("read", "y"),),
    (("write", "y", None),),
    (("load", "x"), ("store", "x")),
    (("acquire", "a"), ("write", "x", None), ("read", "y"), ("release", "a")),
    (("acquire", "a"), ("acquire", "b"), ("write", "y", None), ("release", "b"), ("release", "a")),
    (("acquire", "b"), ("acquire", "a"), ("write", "x", None), ("release", "a"), ("release", "b")),
    (("try", "a", 2), ("write", "y", None), ("release", "a")),
    (("append", "l", None),),
    (("pop", "l"),),
    (("read", "l"),),
    (("set", "e"),),
    (("clear", "e"),),
    (("is_set", "e"),),
    (("until", "e"),),
    (("down", "semaphore"), ("write", "x", None), ("up", "semaphore")),
    (("trydown", "semaphore", 2), ("write", "y", None), ("up", "semaphore")),
    (("up", "semaphore"),),
    (("down", "semaphore"),),
    (
        *(("acquire", "a"), ("load", "l"), ("nothing_if_full", 3), ("wait", "c", "a"), ("wake", "c", "a")),
        *(("back", 4), ("write", "x", None), ("release", "a")),
    ),
    (
        *(("acquire", "a"), ("load", "l"), ("nothing_if_full", 2), ("wait", "c", "a"), ("wake", "c", "a")),
        *(("pop", "l"), ("release", "a")),
    ),
    (("acquire", "a"), ("append", "l", None), ("notify", "c", 1), ("release", "a")),
    (("acquire", "a"), ("append", "l", None), ("notify", "c", 9), ("release", "a")),
    (("release", "b"),),
)
WITH_TIME = (*PARTS, (("sleep", 1),), (("sleep", 2),), (("sleep", 1), ("write", "x", None)))


def generate(seed: int, parts: tuple[tuple[Op, ...], ...] = PARTS) -> Toy:
    random = Random(seed)
    n = random.choice((2, 2, 3))
    tasks = []
    for task in range(n):
        code: list[Op] = []
        for number in range(random.randint(1, 4 if n == 2 else 3)):
            part = random.choice(parts)
            code += [(*op[:-1], task * 10 + number + 1) if op[-1] is None else op for op in part]
        tasks.append(code)
    return Toy(tasks, x=0, y=0, l=(), e=False, semaphore=random.choice((0, 1, 1, 2)))
