"""The keys of the run screen.  Whatever a letter does, a digit, an arrow or a function key does too."""

from textual.binding import Binding, BindingType

# `lanes(…)`: the lanes have these keys too while they have the focus

RUN_BINDINGS: list[BindingType] = [
    Binding("space,full_stop", "pause", "run.keys.pause"),
    Binding("f5,r", "restart", "run.keys.restart"),
    Binding("f6,b", "other_program", "run.keys.program"),
    Binding("f8,s", "stop", "run.keys.stop"),
    Binding("f7,p", "parameters", "run.keys.parameters"),
    Binding("tab", "next_place(1)", "run.keys.panels"),
    Binding("shift+tab", "next_place(-1)", "run.keys.panels", show=False),
    *(Binding(str(n), f"panel({n})", "run.keys.panel", show=False) for n in range(1, 7)),
    Binding("left", "lanes('pan', -1)", "run.keys.lanes", show=False),
    Binding("right", "lanes('pan', 1)", "run.keys.lanes", show=False),
    Binding("plus,equals_sign", "lanes('zoom', 1)", "run.keys.zoom", show=False),
    Binding("minus", "lanes('zoom', -1)", "run.keys.zoom", show=False),
    Binding("0", "lanes('fit')", "run.keys.zoom_reset", show=False),
    Binding("f9,f", "follow", "run.keys.follow", show=False),
    Binding("f2,i", "type", "run.keys.type", show=False),
    Binding("pageup", "page(-1)", "run.keys.page", show=False),
    Binding("pagedown", "page(1)", "run.keys.page", show=False),
    Binding("escape,q", "back", "run.keys.back"),
]
