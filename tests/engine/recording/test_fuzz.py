"""A recording that was mutated is refused in one sentence, or can be used in every way: nothing crashes."""

import pytest

from any_recording import language_of, use
from fuzz import RUNS, literal, patience, record
from mutations import Mutator

N = 375


@pytest.mark.parametrize("name", ["literal", *RUNS])
def test_mutations(name, tmp_path):
    mutator = Mutator(literal(tmp_path) if name == "literal" else record(name, tmp_path))
    path = tmp_path / "mutated.scope"
    read = 0
    for seed in range(N):
        path.write_bytes(mutator.mutated(seed))
        try:
            with patience():
                read += use(path, language_of(seed), only=seed)
        except Exception as error:
            pytest.fail(f"mutation {seed} of {name}: {error!r}")
    assert N / 2 < read <= N, "most reach the readers"
