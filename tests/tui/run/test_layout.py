"""Where things go at each size, and what to run next: no screen needed."""

from pathlib import Path

import pytest
from textual.geometry import Size

from syncscope.catalogue import Parameter, Program, Scenario
from syncscope.renderables.time_window import TimeWindow
from syncscope.screens.run_choice import Choice
from syncscope.screens.run_layout import PANELS, TALL, Wishes, places, slots_for
from syncscope_engine.session import Target


@pytest.mark.parametrize("banner", [False, True])
@pytest.mark.parametrize("lanes", [1, 6, 40, 2_000])
@pytest.mark.parametrize(
    ("width", "height"),
    [(60, 15), (80, 23), (100, 29), (120, 39), (160, 49), (140, 44), (220, 60), (300, 100)],
)
def test_nothing_overlaps_and_everything_is_on_the_screen(
    width: int, height: int, lanes: int, banner: bool
) -> None:
    slots = slots_for(width, height + 1)
    found = places(Size(width, height), Wishes(lanes, 30, 66, banner), slots)
    covered = [[0] * width for _ in range(height)]
    for region in found.values():
        assert region.width > 0
        assert region.height > 0
        for y in range(region.y, region.bottom):
            for x in range(region.x, region.right):
                covered[y][x] += 1
    assert max(map(max, covered)) == 1
    optional = ({"banner"} if banner else set()) | ({"minimap"} if height >= TALL else set())
    assert set(found) == {"header", "lanes", "detail", "tabs", *(slot[0] for slot in slots)} | optional
    assert found["lanes"].height >= 4


def test_a_small_terminal_shows_one_panel_and_a_large_one_all() -> None:
    assert len(slots_for(80, 24)) == 1
    assert [len(slot) for slot in slots_for(120, 40)] == [1, 1, 1, 3]
    assert [slot[0] for slot in slots_for(160, 50)] == list(PANELS)
    small = places(Size(80, 23), Wishes(lanes=30), slots_for(80, 24))
    assert small["lanes"].height >= 9
    assert small["resources"].height >= 8


def test_a_moment_is_brought_into_view() -> None:
    window = TimeWindow(width=50, ns_per_column=10, now_ns=10_000)
    window.to_end()
    window.to_time(2_000)
    assert window.column(2_000) == 25
    assert not window.follow
    window.to_time(2_100)  # in view: nothing moves
    assert window.column(2_000) == 25


def parameter(name: str, kind: str, default: object, programs: tuple[str, ...] = ()) -> Parameter:
    low, high = (0, 99) if kind in ("int", "float") else (None, None)
    return Parameter(name, kind, default, low, high, (), {"en": "", "zh": ""}, programs)  # type: ignore[arg-type]


def scenario() -> Scenario:
    titles = {"en": "Lock", "zh": "锁"}
    programs = tuple(
        Program(name, "broken", Path(f"{name}.py"), {"en": name, "zh": name}, ())
        for name in ("broken", "fixed")
    )
    parameters = (
        parameter("n_threads", "int", 4),
        parameter("watch", "bool", True),
        parameter("only_broken", "float", 1.0, ("broken",)),
    )
    return Scenario("lock", 1, "g", "natural", titles, titles, programs, parameters, (), Path())


def choice(*arguments: str) -> Choice:
    found = scenario()
    target = Target("lock:broken", Path("broken.py"), None, arguments)
    return Choice(target, "Lock: broken", found, found.programs[0])


def test_values_are_read_back_from_the_arguments() -> None:
    assert choice("--n-threads=7", "--no-watch", "--only-broken=0.5", "--other", "x").values == {
        "n_threads": 7,
        "watch": False,
        "only_broken": 0.5,
    }
    assert choice().with_values({"n_threads": 9}).target.args == ("--n-threads=9",)


def test_the_next_program_keeps_the_parameters_that_it_knows() -> None:
    following = choice("--n-threads=7", "--only-broken=0.5").next_program()
    assert following.target.label == "lock:fixed"
    assert following.target.args == ("--n-threads=7",)
    assert following.said == "Lock: fixed"
    assert following.next_program().target.label == "lock:broken"


def test_a_script_of_the_users_own_has_no_other_program() -> None:
    own = Choice(Target("mine.py", Path("mine.py")), "mine.py")
    assert not own.offers("other_program")
    assert own.values == {}
    assert own.said == "mine.py"
