"""Placeholder until its probe lands."""

from types import CodeType


def install() -> None:
    pass


def compile_program(source: bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)
