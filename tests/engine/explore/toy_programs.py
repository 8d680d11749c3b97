"""The programs whose numbers of distinct orders are known."""

from toy import Op, Toy


def locked_appends(threads: int, each: int) -> Toy:
    part: list[Op] = [("acquire", "lock"), ("append", "log", 1), ("release", "lock")]
    return Toy([part * each] * threads)


def dining(n: int) -> Toy:
    def philosopher(i: int) -> list[Op]:
        left, right = f"fork{i}", f"fork{(i + 1) % n}"
        return [("acquire", left), ("acquire", right), ("release", right), ("release", left)]

    return Toy([philosopher(i) for i in range(n)])


def increments(threads: int, each: int) -> Toy:
    return Toy([[("load", "x"), ("store", "x")] * each] * threads, x=0)


def abba() -> Toy:
    return Toy(
        [
            [("acquire", "a"), ("acquire", "b"), ("release", "b"), ("release", "a")],
            [("acquire", "b"), ("acquire", "a"), ("release", "a"), ("release", "b")],
        ]
    )


def condition_with_if() -> Toy:
    producer: list[Op] = [("acquire", "a"), ("append", "l", 1), ("notify", "c", 1), ("release", "a")]
    consumer: list[Op] = [
        *(("acquire", "a"), ("load", "l"), ("nothing_if_full", 2), ("wait", "c", "a"), ("wake", "c", "a")),
        *(("pop", "l"), ("release", "a")),
    ]
    return Toy([producer * 2, consumer, consumer], l=())


ORDERS_OF = [
    (locked_appends(2, 2), 6),
    (locked_appends(3, 2), 90),
    (dining(5), 31),
    (increments(2, 2), 34),
    (abba(), 3),
    (condition_with_if(), 24),
]
"""Some of them."""
