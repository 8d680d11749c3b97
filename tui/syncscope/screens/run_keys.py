"""The keys of the run screen.  Whatever a letter does, a digit, an arrow or a function key does too."""

from textual.binding import Binding, BindingType

from .run_layout import PANELS

# `lanes(…)`: the lanes have these keys too while they have the focus

RUN_BINDINGS: list[BindingType] = [
    Binding("space,full_stop", "pause", "run.keys.pause"),
    Binding("f5,r", "restart", "run.keys.restart"),
    Binding("f6,b", "other_program", "run.keys.program"),
    Binding("f8,s", "stop", "run.keys.stop"),
    Binding("d", "slow", "run.keys.slow", show=False),
    Binding("f7,p", "parameters", "run.keys.parameters"),
    Binding("tab", "next_place(1)", "run.keys.next_place"),
    Binding("shift+tab", "next_place(-1)", "run.keys.previous_place", show=False),
    *(Binding(str(n), f"panel({n})", f"run.panel.{name}", show=False) for n, name in enumerate(PANELS, 1)),
    Binding("left_square_bracket", "time('step', -1)", "run.keys.previous_event", show=False),
    Binding("right_square_bracket", "time('step', 1)", "run.keys.next_event", show=False),
    Binding("left_curly_bracket", "time('step_lane', -1)", "run.keys.previous_of_lane", show=False),
    Binding("right_curly_bracket", "time('step_lane', 1)", "run.keys.next_of_lane", show=False),
    Binding("shift+left", "time('shift', -1)", "run.keys.playhead_back", show=False),
    Binding("shift+right", "time('shift', 1)", "run.keys.playhead_on", show=False),
    Binding("ctrl+left", "time('shift', -10)", "run.keys.playhead_far_back", show=False),
    Binding("ctrl+right", "time('shift', 10)", "run.keys.playhead_far_on", show=False),
    Binding("less_than_sign", "time('faster', -1)", "run.keys.slower", show=False),
    Binding("greater_than_sign", "time('faster', 1)", "run.keys.faster", show=False),
    Binding("left_parenthesis", "time('wait', -1)", "run.keys.previous_wait", show=False),
    Binding("right_parenthesis", "time('wait', 1)", "run.keys.next_wait", show=False),
    Binding("f3,w", "time('why')", "run.keys.why"),
    Binding("ctrl+s", "time('save')", "run.keys.save", show=False),
    Binding("u", "time('who_let_go')", "run.keys.who_let_go", show=False),
    Binding("e", "time('finding', 1)", "run.keys.next_finding", show=False),
    Binding("E", "time('finding', -1)", "run.keys.previous_finding", show=False),
    Binding("m", "time('bookmark')", "run.keys.bookmark", show=False),
    Binding("apostrophe", "time('next_bookmark', 1)", "run.keys.next_bookmark", show=False),
    Binding("quotation_mark", "time('next_bookmark', -1)", "run.keys.previous_bookmark", show=False),
    Binding("f11,v", "time('present')", "run.keys.present", show=False),
    Binding("ctrl+home", "time('start')", "run.keys.start", show=False),
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
