"""The command line.  What a command needs is imported when it runs: `--help` stays quick.

Exit status of `run`: 0 finished, nothing wrong; 1 findings of severity error; 2 wrong usage; 3 the program
itself failed; 4 stopped by --timeout; 130 stopped by ctrl+c.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from .closed_pipe import refuse
from .usage_errors import OneLineGroup

if TYPE_CHECKING:
    from .targets import Chosen

FORMATS = ("perfetto", "svg", "jsonl", "cast")
EVERYTHING = 1 << 40
"""A budget that is never used up."""


class _Budget(click.ParamType[int]):
    name = "N|all"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value)
        if text == "all":
            return EVERYTHING
        if not text.isdecimal():
            self.fail(f"{text} is neither a number nor `all`", param, ctx)
        return int(text)


class _Size(click.ParamType[tuple[int, int]]):
    name = "COLUMNSxROWS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        from .screens.too_small import MINIMUM_HEIGHT, MINIMUM_WIDTH

        columns, _, rows = str(value).partition("x")
        if not (columns.isdecimal() and rows.isdecimal() and int(columns) <= 500 and int(rows) <= 200):
            self.fail(f"{value} is not a size like 80x24, at most 500x200", param, ctx)
        if int(columns) < MINIMUM_WIDTH or int(rows) < MINIMUM_HEIGHT:
            self.fail(f"the screen needs at least {MINIMUM_WIDTH}x{MINIMUM_HEIGHT}", param, ctx)
        return int(columns), int(rows)


class _Speed(click.ParamType[float]):
    name = "SPEED"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from .playhead import SPEEDS

        known = {f"1/{round(1 / speed)}" if speed < 1 else f"{speed:g}": speed for speed in SPEEDS}
        if str(value) not in known:
            self.fail(f"{value} is none of {', '.join(known)}", param, ctx)
        return known[str(value)]


def language_option(function: click.decorators.FC) -> click.decorators.FC:
    option = click.option("--lang", type=click.Choice(("en", "zh")), help="Language; default: the locale's.")
    return option(function)


def time_options(function: click.decorators.FC) -> click.decorators.FC:
    function = click.option(
        "--asyncio-order",
        type=click.Choice(("faithful", "adversarial")),
        default="faithful",
        show_default=True,
        help="Which ready callbacks are exchanged: those that a real loop may exchange, or all.",
    )(function)
    return click.option(
        "--time-limits",
        type=click.Choice(("virtual", "any")),
        default="virtual",
        show_default=True,
        help="When a sleep or a limited wait is over: when nobody else can go, or at any time.",
    )(function)


@click.group(
    cls=OneLineGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="syncscope")
@language_option
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@click.option("--fps", type=click.IntRange(1, 60), default=10, show_default=True, help="Frames per second.")
@click.option("--python", help="Interpreter that runs the programs.")
@click.pass_context
def cli(ctx: click.Context, lang: str | None, ascii_only: bool, fps: int, python: str | None) -> None:
    """An oscilloscope for Python concurrency.  Without a command: the catalogue of scenarios."""
    # `syncscope --lang zh run …` is meant as `syncscope run --lang zh …`
    given = {name: value for name, value in ctx.params.items() if _is_given(ctx, name)}
    ctx.default_map = dict.fromkeys(
        ("run", "replay", "export", "diff", "list", "doctor", "explore", "step"), given
    )
    if ctx.invoked_subcommand is None:
        from syncscope_engine.launch import Options

        from .opening import open_app

        open_app(options=Options(python=python), lang=lang, ascii_only=ascii_only, fps=fps)


@cli.command(context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False})
@click.option("-m", "as_module", is_flag=True, help="TARGET is a module, as in `python -m`.")
@click.option("--headless", is_flag=True, help="No screen: run to the end, print a report.")
@click.option("--json", "as_json", is_flag=True, help="With --headless: the report as one JSON object.")
@click.option("--python", help="Interpreter that runs the program (3.10 or later).")
@click.option(
    "--timeout", type=click.FloatRange(0, min_open=True), help="Stop the program after so many seconds."
)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Parameter of a scenario.")
@click.option(
    "--budget",
    type=_Budget(),
    default=64,
    show_default=True,
    help="Events recorded per object and frame; counts are exact all the same.",
)
@click.option(
    "--slow",
    type=click.FloatRange(0, 60_000),
    default=0,
    metavar="MS",
    help="Hold the program up so many milliseconds at each operation.",
)
@click.option("--no-watch", is_flag=True, help="Do not watch shared variables.")
@click.option("--follow", is_flag=True, help="Watch Python programs too that it starts by `subprocess`.")
@click.option(
    "--output-file", type=click.Path(dir_okay=False), help="Headless: the program's output goes here."
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Record the run into FILE as it goes.",
)
@language_option
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@click.option("--fps", type=click.IntRange(1, 60), default=10, show_default=True, help="Frames per second.")
@click.argument("target")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def run(
    as_module: bool,
    headless: bool,
    as_json: bool,
    python: str | None,
    timeout: float | None,
    params: tuple[str, ...],
    budget: int,
    slow: float,
    no_watch: bool,
    follow: bool,
    output_file: str | None,
    record: Path | None,
    lang: str | None,
    ascii_only: bool,
    fps: int,
    target: str,
    args: tuple[str, ...],
) -> None:
    """Run TARGET and watch it: a scenario, scenario:program, path/to/script.py, or -m MODULE.

    Everything after TARGET belongs to the program.
    """
    from syncscope_engine.interpreter import UsageError
    from syncscope_engine.launch import Options

    from .opening import open_app, set_language

    if as_json and not headless:
        refuse("--json needs --headless")
    if output_file and not headless:
        refuse("--output-file needs --headless")
    language = set_language(lang)
    options = Options(
        python=python,
        budget=budget,
        timeout_s=timeout,
        stdin="inherit" if headless else "pipe",
        watch=not no_watch,
        follow_subprocesses=follow,
        record=record,
        slow_ns=round(slow * 1e6),
    )
    try:
        chosen = _choose(as_module, target, args, params, language)
        if headless:
            from .headless_run import run_and_report

            sys.exit(run_and_report(chosen.target, options, language, as_json, output_file))
    except UsageError as error:
        refuse(str(error))
    open_app(chosen, options, lang=lang, ascii_only=ascii_only, fps=fps)


@cli.command()
@click.option("--headless", is_flag=True, help="No screen: print the report of the recorded run.")
@click.option("--json", "as_json", is_flag=True, help="With --headless: the report as one JSON object.")
@language_option
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@click.option("--fps", type=click.IntRange(1, 60), default=10, show_default=True, help="Frames per second.")
@click.argument("file", type=click.Path(path_type=Path))
def replay(headless: bool, as_json: bool, lang: str | None, ascii_only: bool, fps: int, file: Path) -> None:
    """Look at a run that was recorded in FILE."""
    from .opening import open_app, set_language
    from .recorded import chosen_of, replay_headless

    language = set_language(lang)
    if as_json and not headless:
        refuse("--json needs --headless")
    if headless:
        sys.exit(replay_headless(file, language, as_json))
    open_app(chosen_of(file), lang=lang, ascii_only=ascii_only, fps=fps, recorded=file)


@cli.command()
@click.option("--to", "kind", type=click.Choice(FORMATS), required=True, help="Format.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write."
)
@click.option("--size", type=_Size(), default="80x24", show_default=True, help="cast: columns and rows.")
@click.option(
    "--speed",
    type=_Speed(),
    default="1",
    show_default=True,
    help="cast: seconds of the run in a second of the film, 1/1000 to 100.",
)
@language_option
@click.argument("file", type=click.Path(path_type=Path))
def export(
    kind: str, output: Path, size: tuple[int, int], speed: float, lang: str | None, file: Path
) -> None:
    """Write the recording FILE in another program's format.

    perfetto: a trace for ui.perfetto.dev.  svg: the lanes as a picture.  jsonl: lines of JSON.
    cast: the screen replaying it, a film for asciinema.
    """
    from .opening import set_language
    from .recorded import export as write
    from .recorded import film

    language = set_language(lang)
    if kind == "cast":
        film(file, output, size, speed)
    else:
        write(file, kind, output, language)


@cli.command()
@click.option("--headless", is_flag=True, help="No screen: print the differences.")
@click.option("--json", "as_json", is_flag=True, help="With --headless: one JSON object.")
@language_option
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only.")
@click.argument("left", type=click.Path(path_type=Path))
@click.argument("right", type=click.Path(path_type=Path))
def diff(headless: bool, as_json: bool, lang: str | None, ascii_only: bool, left: Path, right: Path) -> None:
    """Compare two recordings of the same program: time, waits, contention, findings."""
    from .opening import open_beside, set_language
    from .recorded import check_recording, print_comparison

    language = set_language(lang)
    if as_json and not headless:
        refuse("--json needs --headless")
    if headless:
        print_comparison(left, right, language, as_json)
        return
    for path in (left, right):
        check_recording(path)
    open_beside(left, right, lang=lang, ascii_only=ascii_only)


@cli.command(context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False})
@click.option("-m", "as_module", is_flag=True, help="TARGET is a module, as in `python -m`.")
@click.option(
    "--strategy",
    type=click.Choice(("dpor", "bounded", "random", "pos", "pct")),
    default="dpor",
    show_default=True,
    help="dpor: every distinct order; bounded: every order with few preemptions; the others draw orders.",
)
@click.option("--runs", type=click.IntRange(1), help="So many orders at most.  [default: 10000]")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="So long at most.  [default: 60]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="For orders and `random`.")
@click.option("--bound", type=click.IntRange(0), default=2, show_default=True, help="Preemptions (bounded).")
@click.option("--depth", type=click.IntRange(1, 9), default=3, show_default=True, help="Of the fault (pct).")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that search."
)
@click.option(
    "--granularity",
    type=click.Choice(("sync", "access", "line")),
    default="access",
    show_default=True,
    help="Where tasks are switched.",
)
@click.option("--max-steps", type=click.IntRange(1), default=5000, show_default=True, help="Of one order.")
@click.option("--keep-going", is_flag=True, help="Go on after a failure, for others.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The failing schedule goes into FILE.",
)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Parameter of a scenario.")
@click.option("--python", help="Interpreter that runs the program (3.10 or later).")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@time_options
@language_option
@click.argument("target")
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def explore(
    as_module: bool,
    strategy: str,
    runs: int | None,
    seconds: float | None,
    seed: int,
    bound: int,
    depth: int,
    jobs: int,
    granularity: str,
    max_steps: int,
    keep_going: bool,
    save: Path | None,
    params: tuple[str, ...],
    python: str | None,
    as_json: bool,
    time_limits: str,
    asyncio_order: str,
    lang: str | None,
    target: str,
    args: tuple[str, ...],
) -> None:
    """Search for an order of TARGET's threads that fails.

    FAILS (exit status 1), EXHAUSTED (0: all orders were tried, under the assumptions that are named) or BUDGET
    SPENT (4).  Everything after TARGET belongs to the program.
    """
    from syncscope_engine.explore.request import Request
    from syncscope_engine.interpreter import UsageError

    from .exploring import Typed, explore_and_report
    from .opening import set_language

    if runs is None and seconds is None:
        runs, seconds = 10_000, 60.0
    request = Request(
        strategy=strategy,  # type: ignore[arg-type]
        granularity=granularity,  # type: ignore[arg-type]
        runs=runs,
        seconds=seconds,
        seed=seed,
        bound=bound,
        depth=depth,
        max_steps=max_steps,
        time_limits=time_limits,  # type: ignore[arg-type]
        asyncio_order=asyncio_order,  # type: ignore[arg-type]
        keep_going=keep_going,
        jobs=jobs,
        python=python,
    )
    language = set_language(lang)
    try:
        status = explore_and_report(Typed(target, as_module, args, params), request, save, language, as_json)
    except UsageError as error:
        refuse(str(error))
    sys.exit(status)


@cli.command(context_settings={"ignore_unknown_options": False, "allow_interspersed_args": False})
@click.option("-m", "as_module", is_flag=True, help="TARGET is a module, as in `python -m`.")
@click.option(
    "--schedule",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Follow the schedule in FILE, which names its target.",
)
@click.option(
    "--choices", metavar="STEP:TASK,…", help="Force single choices; at other steps nobody is interrupted."
)
@click.option(
    "--granularity",
    type=click.Choice(("sync", "access", "line")),
    default="access",
    show_default=True,
    help="Where tasks are switched.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="For `random`.")
@click.option("--headless", is_flag=True, help="No screen: print the steps.")
@click.option("--json", "as_json", is_flag=True, help="With --headless: one JSON object.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Parameter of a scenario.")
@click.option("--python", help="Interpreter that runs the program (3.10 or later).")
@time_options
@language_option
@click.argument("target", required=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def step(
    as_module: bool,
    schedule: Path | None,
    choices: str | None,
    granularity: str,
    seed: int,
    headless: bool,
    as_json: bool,
    params: tuple[str, ...],
    python: str | None,
    time_limits: str,
    asyncio_order: str,
    lang: str | None,
    target: str | None,
    args: tuple[str, ...],
) -> None:
    """Run TARGET step by step, or follow a schedule of it.

    Exit status with --headless: 0 it ended well, 1 it failed, 2 the program does not do what the schedule says.
    """
    from syncscope_engine.explore.request import Request
    from syncscope_engine.interpreter import UsageError

    from .exploring import Typed, replay_choices, replay_schedule
    from .i18n import t
    from .opening import set_language

    language = set_language(lang)
    request = Request(
        granularity=granularity,  # type: ignore[arg-type]
        seed=seed,
        time_limits=time_limits,  # type: ignore[arg-type]
        asyncio_order=asyncio_order,  # type: ignore[arg-type]
        python=python,
    )
    if schedule is not None and (target is not None or choices is not None):
        refuse(t("explore.step.both"))
    if not headless:
        refuse("step needs --headless")
    try:
        if schedule is not None:
            sys.exit(replay_schedule(schedule, request, language, as_json))
        if target is None:
            refuse(t("explore.step.no_schedule"))
        sys.exit(
            replay_choices(Typed(target, as_module, args, params), choices or "", request, language, as_json)
        )
    except UsageError as error:
        refuse(str(error))


@cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@language_option
def list_(as_json: bool, lang: str | None) -> None:
    """Name the scenarios and their programs."""
    from .listing import list_scenarios
    from .opening import set_language

    list_scenarios(set_language(lang), as_json)


@cli.command()
@language_option
def doctor(lang: str | None) -> None:
    """Say what this machine offers and lacks, and what follows."""
    from .doctor import examine
    from .opening import set_language

    set_language(lang)
    examine()


def _is_given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _choose(
    as_module: bool, target: str, args: tuple[str, ...], params: tuple[str, ...], language: str
) -> "Chosen":
    from .targets import choose, choose_module

    if as_module:
        return choose_module(target, args, params)
    return choose(target, args, params, language)
