"""Every wrong use is told in one line on standard error, with exit status 2; never by a page or a traceback."""

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from .closed_pipe import write_line

WRONG_USAGE = 2
INTERRUPTED = 130


def refuse(sentence: str) -> NoReturn:
    end = "" if sentence.endswith(("?", "!")) else "."
    write_line(f"syncscope: {' '.join(sentence.rstrip('.').split())}{end}", sys.stderr)
    sys.exit(WRONG_USAGE)


class OneLineGroup(click.Group):
    """Click prints the usage above each error; here it is named."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        try:
            result = super().main(args, prog_name, complete_var, False, **extra)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx is not None else "syncscope"
            refuse(f"{error.format_message().rstrip('.')}; see `{path} --help`")
        except click.ClickException as error:
            refuse(error.format_message())
        except click.Abort:
            sys.exit(INTERRUPTED)
        if standalone_mode:
            sys.exit(result if isinstance(result, int) else 0)
        return result
