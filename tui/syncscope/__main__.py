"""`syncscope` and `python -m syncscope`."""


def main() -> None:
    from .cli import cli

    cli(prog_name="syncscope")


if __name__ == "__main__":
    main()
