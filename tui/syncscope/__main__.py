"""`syncscope` and `python -m syncscope`."""

import sys


def main() -> None:
    if len(sys.argv) == 1:
        # there is nothing to parse, and Click's import is a tenth of the time to the first picture
        from .opening import open_app

        open_app()
    from .cli import cli

    cli(prog_name="syncscope")


if __name__ == "__main__":
    main()
