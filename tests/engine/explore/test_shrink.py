import pytest
from generated import generate
from toy import Toy
from toy_programs import abba, condition_with_if, dining, increments

from syncscope_engine.control.execution import Result
from syncscope_engine.control.random_walk import RandomWalk
from syncscope_engine.control.schedule import ended_as_planned, follow, planned
from syncscope_engine.control.search import Search, failed, signature
from syncscope_engine.control.shrink import forced_choices, forcing, shrink, switches
from syncscope_engine.control.strategy import Divergence


def _failing(toy: Toy, seed: int = 0) -> Result:
    return Search(toy.run, RandomWalk(seed), runs=5000).go().failures[0].result


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("toy", "fewest"), [(abba(), 1), (condition_with_if(), 3), (dining(3), 3)])
def test_the_choices_that_are_left_are_few_and_fail_in_the_same_way(toy: Toy, fewest: int, seed: int) -> None:
    found = _failing(toy, 100 * seed)
    small, _ = shrink(toy.run, found)
    assert signature(small) == signature(found)
    assert len(forced_choices(small)) <= min(fewest, len(forced_choices(found)))
    assert switches(small) <= switches(found)


def test_what_is_shrunk_still_fails_when_it_is_repeated() -> None:
    n = 0
    for seed in range(120):
        toy = generate(seed)
        failures = Search(toy.run, RandomWalk(seed), runs=30).go().failures
        for failure in failures:
            small, _ = shrink(toy.run, failure.result)
            assert signature(small) == signature(failure.result)
            again = toy.run(follow([planned(step) for step in small.steps]))
            assert signature(again) == signature(small)
            assert again.steps == small.steps
            assert toy.run(forcing(forced_choices(small))).steps == small.steps
            n += 1
    assert n > 30  # there were enough of them


def test_a_schedule_of_another_program_is_told_where_it_diverges() -> None:
    schedule = [planned(step) for step in _failing(abba()).steps]

    def replayed() -> None:
        result = increments(2, 1).run(follow(schedule))
        late = ended_as_planned(schedule, result)
        if late is not None:
            raise late

    with pytest.raises(Divergence) as told:
        replayed()
    assert told.value.at > 0
    assert "acquire a" in told.value.expected or "acquire b" in told.value.expected


def test_a_program_that_ends_too_early_diverges() -> None:
    schedule = [planned(step) for step in increments(2, 2).run(RandomWalk(1).next() or forcing({})).steps]
    short = increments(2, 2)
    result = short.run(follow(schedule))
    assert ended_as_planned(schedule, result) is None
    assert ended_as_planned([*schedule, schedule[-1]], result) is not None


def test_a_failure_is_one_however_often_it_is_met() -> None:
    found = Search(abba().run, RandomWalk(), runs=200, keep_going=True).go()
    assert len(found.failures) == 1
    assert found.failures[0].times > 5
    assert all(failed(failure.result) for failure in found.failures)
    assert len(found.orders) == 3  # there are no more
