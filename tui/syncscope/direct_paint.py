"""Writes what has changed in a frame straight to the terminal, past Textual's compositor.

The compositor makes every line anew in which something has changed, with all parts that lie on it, and that is
most of what a frame costs.  The widgets of the run screen lie side by side and know which of their columns
have changed; so a frame is one string: for each stretch of columns the cursor's place, colours only where they
differ from the ones before, and the text.  Whenever anything is not as simple as that (another screen in
front, a layout to be made, a message in a corner), Textual draws, as always.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from .renderables.narrow import is_narrow

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
FRESH = 10
"""Frames for which the grounds of the widgets are taken to be the same."""
LARGE = 300
"""Characters of a frame from which on the terminal is asked to show it at once."""


class Pen(NamedTuple):
    """How the terminal draws: attributes, colour of the text, of the ground; "" = its own."""

    attributes: str
    text: str
    ground: str

    def after(self, old: "Pen") -> str:
        """What changes `old` into this one."""
        if self == old:
            return ""
        codes: list[str] = []
        if self.attributes != old.attributes:
            if old.attributes:
                codes.append("0")
                old = _PLAIN
            codes.append(self.attributes)
        for mine, theirs, own in ((self.text, old.text, "39"), (self.ground, old.ground, "49")):
            if mine != theirs:
                codes.append(mine or own)
        return f"\x1b[{';'.join(filter(None, codes))}m"


_PLAIN = Pen("", "", "")
Piece = tuple[Pen, str]
Stretch = tuple[int, int, list[Piece]]  # y, x


class Lined(Protocol):
    """A widget that is made of lines, and knows which of their columns have changed."""

    def raw_line(self, y: int) -> Sequence[Segment]:
        """The line as it is, not yet on the widget's ground."""
        ...


class DirectPainter:
    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._asked: list[tuple[Widget, tuple[Region, ...]]] | None = None
        self._pens: dict[Widget, _Pens] = {}
        self._pens_for: tuple[object, ...] = ()
        self._n_frames = 0

    @contextmanager
    def frame(self) -> Iterator[None]:
        """What widgets ask for in here is written at its end."""
        self._asked = []
        try:
            yield
        finally:
            asked, self._asked = self._asked, None
            if asked and not (self._is_possible() and self._write(asked)):
                for widget, regions in asked:
                    widget.refresh(*regions)

    def paint(self, widget: Widget, regions: Iterable[Region]) -> None:
        """These parts of `widget` are to be drawn anew."""
        if self._asked is None:
            widget.refresh(*regions)
        else:
            self._asked.append((widget, tuple(regions)))

    def _is_possible(self) -> bool:
        screen, app = self._screen, self._screen.app
        return not (
            not screen.is_current
            or app.is_headless
            or app.is_inline
            or app._batch_count
            or app._notifications
            or app._driver is None
            or screen._layout_required
            or screen._dirty_widgets
            or screen._repaint_required
            or screen._compositor._dirty_regions
        )

    def _write(self, asked: list[tuple[Widget, tuple[Region, ...]]]) -> bool:
        places = self._screen._compositor.full_map
        self._forget_pens()
        stretches: list[Stretch] = []
        for widget, regions in asked:
            place = places.get(widget)
            if place is None or place.region != place.visible_region or widget._repaint_required:
                return False
            for region in regions:
                stretches += self._stretches(widget, region, place.region)
            widget._styles_cache.set_dirty(*regions)
        # what begins in the same colours comes one after the other: a change of colours is longer than a jump
        text = _as_text(sorted(stretches, key=lambda stretch: (stretch[2][0][0], *stretch[:2])))
        if text:
            app = self._screen.app
            driver, cursor = app._driver, app.cursor_position
            assert driver is not None
            text += f"\x1b[{cursor.y + 1};{cursor.x + 1}H"
            if len(text) > LARGE and app._sync_available:
                text = SYNC_START + text + SYNC_END
            driver.write(text)
            driver.flush()
        return True

    def _stretches(self, widget: Widget, region: Region, place: Region) -> Iterator[Stretch]:
        left, right = region.x, min(region.right, place.width)
        raw_line = cast(Lined, widget).raw_line
        pen_of = self._pens_on(widget)
        for y in range(max(region.y, 0), min(region.bottom, place.height)):
            pieces = [(pen_of(s.style), s.text) for s in _part(raw_line(y), left, right) if s.text]
            if pieces:
                yield place.y + y, place.x + left, pieces

    def _pens_on(self, widget: Widget) -> Callable[[Style | None], Pen]:
        """How to draw a style on `widget`.  What its ground is takes long to find out, and hardly ever changes."""
        pens = self._pens.get(widget)
        if pens is None:
            self._pens[widget] = pens = _Pens(widget, self._screen.app)
        return pens.__getitem__

    def _forget_pens(self) -> None:
        """A theme, a class or the focus may change the ground of a widget; Textual draws all of it anew then."""
        app, screen = self._screen.app, self._screen
        now = (app.theme, app.ansi_color, screen.focused, screen.size)
        self._n_frames += 1
        if now != self._pens_for or self._n_frames % FRESH == 0:
            self._pens_for = now
            self._pens.clear()


class _Pens(dict[Style | None, Pen]):
    """The styles of one widget, as Textual would draw them on it."""

    def __init__(self, widget: Widget, app: App[object]) -> None:
        super().__init__()
        self._ground, self._behind = widget.rich_style, widget.background_colors[1]
        self._app = app

    def __missing__(self, style: Style | None) -> Pen:
        strip = Strip([Segment("x", self._ground + style if style is not None else self._ground)])
        for filter_ in self._app._filters:
            if filter_.enabled:
                strip = strip.apply_filter(filter_, self._behind)
        pen = self[style] = _pen_of(strip.render(self._app.console))
        return pen


def _pen_of(drawn: str) -> Pen:
    """The colours of an `x` with its codes around it."""
    codes = drawn.partition("x")[0][2:-1].split(";")
    attributes: list[str] = []
    colours = {"3": "", "4": ""}
    while codes and codes[0]:
        code = codes.pop(0)
        if code in ("38", "48"):
            n = 2 if codes[0] == "5" else 4
            colours[code[0]] = ";".join([code, *codes[:n]])
            del codes[:n]
        elif len(code) > 1 and code[0] in "3491":  # 30-37, 40-47, 90-97, 100-107
            colours["4" if code.startswith(("4", "10")) else "3"] = code
        else:
            attributes.append(code)
    return Pen(";".join(attributes), colours["3"], colours["4"])


def _as_text(stretches: list[Stretch]) -> str:
    parts: list[str] = []
    at: tuple[int, int] | None = None
    pen = _PLAIN  # the terminal's own, before and after
    for y, x, pieces in stretches:
        if at != (y, x):
            parts.append(f"\x1b[{y + 1};{x + 1}H")
        for now, text in pieces:
            parts.append(now.after(pen))
            parts.append(text)
            pen = now
            x += len(text) if is_narrow(text) else cell_len(text)
        at = y, x
    if pen != _PLAIN:
        parts.append("\x1b[m")
    return "".join(parts)


def _part(line: Sequence[Segment], left: int, right: int) -> Iterable[Segment]:
    """Columns `left` to `right` of a line."""
    found: list[Segment] = []
    x = 0
    for segment in line:
        text = segment.text
        if not is_narrow(text):
            return Strip(line).crop(left, right)  # wide characters may have to be cut in two
        end = x + len(text)
        if end > left:
            found.append(Segment(text[max(left - x, 0) : right - x], segment.style))
        if end >= right:
            break
        x = end
    return found


def paint(widget: Widget, regions: Iterable[Region]) -> None:
    """Draw these parts of `widget` anew: within a frame of its screen all at once, else as Textual does."""
    painter = cast("DirectPainter | None", getattr(widget.screen, "painter", None))
    if painter is None:
        widget.refresh(*regions)
    else:
        painter.paint(widget, regions)
