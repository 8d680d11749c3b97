from collections.abc import Iterator

import pytest

from syncscope import i18n
from syncscope.look import Look, set_look


@pytest.fixture(autouse=True)
def _english_and_strict() -> Iterator[None]:
    i18n.set_language("en")
    i18n.be_strict()
    set_look(Look())
    yield
    i18n.be_strict(False)
    i18n.set_language("en")
    set_look(Look())
