"""The keys of the run screen.  Whatever a letter does, a digit, an arrow or a function key does too."""

from textual.binding import Binding, BindingType

from .run_layout import PANELS

# `lanes(…)`: the lanes have these keys too while they have the focus

RUN_BINDINGS: list[BindingType] = [
    Binding("space,full_stop", "pause", "run.keys.pause"),
    Binding("f5,r", "restart", "run.keys.restart"),
    Binding("f6,b", "other_program", "run.keys.program"),
    Binding("f8,s", "stop", "run.keys.stop"),
    Binding("f7,p", "parameters", "run.keys.parameters"),
    Binding("tab", "next_place(1)", "run.keys.next_place"),
    Binding("shift+tab", "next_place(-1)", "run.keys.previous_place", show=False),
    *(Binding(str(n), f"panel({n})", f"run.panel.{name}", show=False) for n, name in enumerate(PANELS, 1)),
    Binding("left", "lanes('pan', -1)", "run.keys.earlier", show=False),
    Binding("right", "lanes('pan', 1)", "run.keys.later", show=False),
    Binding("plus,equals_sign", "lanes('zoom', 1)", "run.keys.closer", show=False),
    Binding("minus", "lanes('zoom', -1)", "run.keys.farther", show=False),
    Binding("0", "lanes('fit')", "run.keys.zoom_reset", show=False),
    Binding("f9,f", "follow", "run.keys.follow", show=False),
    Binding("f2,i", "type", "run.keys.type", show=False),
    Binding("pageup", "page(-1)", "run.keys.page_back", show=False),
    Binding("pagedown", "page(1)", "run.keys.page_on", show=False),
    Binding("escape,backspace", "back", "run.keys.back"),
]
