from .. import __name__ as top


def where() -> str:
    return f"{__name__} in {top}"


if __name__ == "__main__":
    print(where())
    raise LookupError("at the end of a module")
