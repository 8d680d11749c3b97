"""Pages that turn, zoom and pan."""

from syncscope.renderables.time_window import TimeWindow

MS = 1_000_000


def window(**fields: object) -> TimeWindow:
    return TimeWindow(width=40, ns_per_column=100 * MS, **fields)  # type: ignore[arg-type]


def test_the_pen_fills_the_page_and_then_the_page_turns() -> None:
    shown = window()
    shown.advance(3_950 * MS)
    assert (shown.first, shown.pen) == (0, 39)
    shown.advance(4_000 * MS)
    assert shown.pen == 10  # the last quarter stays in view
    assert shown.first == 30


def test_a_jump_over_several_pages() -> None:
    shown = window()
    shown.advance(60_000 * MS)
    assert 0 <= shown.pen < shown.width


def test_scrolling_keeps_the_pen_at_the_edge() -> None:
    shown = window(scrolling=True)
    for t in (3_000, 4_000, 9_990):
        shown.advance(t * MS)
        assert shown.pen == min(t // 100, 39)


def test_looking_back_stops_following_and_the_end_follows_again() -> None:
    shown = window()
    shown.advance(9_000 * MS)
    shown.pan(-5)
    assert not shown.follow
    first = shown.first
    shown.advance(12_000 * MS)
    assert shown.first == first
    shown.pan(1000)
    assert shown.follow
    assert 0 <= shown.pen < shown.width


def test_fit_shows_the_whole_run() -> None:
    shown = window()
    shown.advance(61_000 * MS)
    shown.fit()
    assert shown.first == 0
    assert shown.last < shown.width


def test_zoom_keeps_the_pen_in_view() -> None:
    shown = window()
    shown.advance(7_000 * MS)
    for steps in (1, 1, 1, -5, 9):
        shown.zoom(steps)
        assert 0 <= shown.pen < shown.width
