"""Wrong use of commands and options is told in one line, with exit status 2; never by a page or a traceback."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from .closed_pipe import refuse

INTERRUPTED = 130


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
