"""Placeholder until its probe lands."""


def install() -> None:
    pass
