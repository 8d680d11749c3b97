"""Loading: what a scenario file says arrives, and what is wrong with it is said without harm to the others."""

import shutil
import tomllib
from pathlib import Path

import pytest

from syncscope.catalogue import Parameter, UnknownTargetError, command_line, load_catalogue, scenario_of
from syncscope.scenario_file import FINDINGS, problems

ROOT = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "groups.toml", tmp_path)
    for name in ("race_condition", "lock"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def damage(folder: Path, old: str, new: str) -> None:
    path = folder / "lock" / "scenario.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_scenarios_come_in_teaching_order() -> None:
    catalogue = load_catalogue()
    first = ["race_condition", "lock", "producer_consumer", "semaphore", "timeout_and_cancel"]
    assert [scenario.id for scenario in catalogue.scenarios if scenario.id in first] == first
    orders = [scenario.order for scenario in catalogue.scenarios]
    assert orders == sorted(set(orders))
    assert [group.id for group in catalogue.groups][:2] == ["shared_data", "coordination"]
    assert catalogue.problems == ()


def test_what_the_file_says_arrives(folder: Path) -> None:
    scenario, program = load_catalogue(folder).find("lock:wrong_lock")
    assert (scenario.order, scenario.group, scenario.kind) == (20, "shared_data", "staged")
    assert scenario.title == {"en": "Lock", "zh": "锁"}
    assert [each.id for each in scenario.programs] == ["fixed", "too_wide", "wrong_lock"]
    assert program.path == folder / "lock" / "wrong_lock.py"
    assert (program.role, program.expects, program.ends) == ("broken", ("lost_update",), True)
    packers = scenario.parameters[0]
    assert (packers.name, packers.type, packers.minimum, packers.maximum) == ("packers", "int", 2, 8)
    assert scenario.lesson("en").startswith("# Lock\n")
    assert scenario.lesson("fr") == ""
    questions = {question.id: question for question in scenario.questions}
    assert (questions["sweeper"].option, len(questions["sweeper"].options)) == (2, 3)
    assert questions["throughput"].output
    assert questions["throughput"].unit == {"en": "parcels a second", "zh": "件/秒"}


def test_a_scenario_alone_means_its_first_program() -> None:
    scenario, program = load_catalogue().find("race_condition")
    assert (scenario.id, program.id) == ("race_condition", "broken")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("lokc", "there is no scenario 'lokc'; did you mean 'lock'?"),
        ("zzz", "there is no scenario 'zzz'"),
        ("lock:none", "scenario 'lock' has no program 'none'; it has fixed, too_wide, wrong_lock"),
    ],
)
def test_an_unknown_target_is_said_in_one_sentence(target: str, message: str) -> None:
    with pytest.raises(UnknownTargetError) as raised:
        load_catalogue().find(target)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "lock"', 'id = "locks"', "lock: id is 'locks', the folder is 'lock'"),
        ("order = 20", 'order = "20"', "lock: order is not a whole number"),
        ('group = "shared_data"', "", "lock: group is missing"),
        ('kind = "staged"', 'kind = "staged"\nmodules = ["no.py"]', "lock: there is no module 'no.py'"),
        ('kind = "staged"', 'kind = "staged"\nmodules = "no.py"', "lock: modules is not a list of files"),
        ('kind = "staged"', 'kind = "staged"\nneeds = ["x"]', "lock: needs is ['x'], not a list of aiohttp"),
        ('group = "shared_data"', 'group = "none"', "lock: there is no group 'none'"),
        ('kind = "staged"', 'kind = "real"', "lock: kind is 'real', not one of natural, scheduled, staged"),
        (', zh = "锁" }', " }", "lock: title has no zh"),
        (', zh = "各锁各的：什么也保护不了" }', " }", "lock: program 'wrong_lock': title has no zh"),
        (', zh = "打包的线程数" }', ' , zh = " " }', "lock: parameter 'packers': help has no zh"),
        ('file = "fixed.py"', 'file = "gone.py"', "lock: program 'fixed': there is no file 'gone.py'"),
        ('id = "too_wide"', 'id = "fixed"', "lock: two programs have the same id"),
        ('role = "fixed"', 'role = "good"', "lock: program 'fixed': role is 'good', not one of broken, fixed, variant"),
        ('["lost_update"]', '["lost_updates"]', "lock: program 'wrong_lock': unknown finding 'lost_updates'"),
        ("expects = []", "", "lock: program 'fixed': expects is missing (an empty list says that nothing must be found)"),
        ("shows = 'by", "shows = '(by", "lock: program 'fixed': shows is not a regular expression"),
        ("expects = []", "expects = []\nends = 1", "lock: program 'fixed': ends is neither true nor false"),
        ("quick = { parcels", "quick = { parcel", "lock: program 'fixed': quick sets 'parcel', which is not a parameter of it"),
        ("parcels = 4, pace", "parcels = 500, pace", "lock: program 'fixed': quick: parcels is 500, not between 1 and 100"),
        ('name = "pace"', 'name = "parcels"', "lock: two parameters have the same name"),
        ('type = "int"', 'type = "integer"', "lock: parameter 'packers': type is 'integer', not one of int, float, bool, choice"),
        ("max = 8\n", "", "lock: parameter 'packers': max is not a number"),
        ("default = 3", "default = 9", "lock: parameter 'packers': default: packers is 9, not between 2 and 8"),
        ("default = 3", 'default = "3"', "lock: parameter 'packers': default: packers is '3', not a whole number"),
        ("default = 3", 'default = 3\nprograms = ["x"]', "lock: parameter 'packers': there is no program 'x'"),
        ("answer = { option = 2 }", "answer = { option = 4 }", "lock: question 'sweeper': answer.option is 4, there are 3 options"),
        ("answer = { option = 2 }", "answer = 2", "lock: question 'sweeper': answer is neither { option = NUMBER } nor { output = PATTERN }"),
        (r"answer = { output = ': ([\d", r"answer = { output = ': (([\d", "lock: question 'throughput': answer.output is not a regular expression"),
        ('program = "fixed"', 'program = "none"', "lock: question 'sweeper': there is no program 'none'"),
        (', zh = "其他所有线程" }', " }", "lock: question 'sweeper': 1: option has no zh"),
    ],
)  # fmt: skip
def test_a_faulty_scenario_is_left_out_and_named(folder: Path, old: str, new: str, problem: str) -> None:
    damage(folder, old, new)
    catalogue = load_catalogue(folder)
    assert problem in catalogue.problems
    assert [scenario.id for scenario in catalogue.scenarios] == ["race_condition"]


def mutations(value: object, rebuild=lambda new: new):
    """The whole of `value` again and again, each time with another part of it removed or replaced."""
    for odd in (5, -1.5, True, "(", [], {}, [1], ["x"], [[]], [{}], {"a": 1}):
        yield rebuild(odd)
    if isinstance(value, dict):
        for key in value:
            without = {each: value[each] for each in value if each != key}
            yield rebuild(without)
            yield from mutations(value[key], lambda new, key=key, old=value: rebuild({**old, key: new}))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            head, tail = value[:index], value[index + 1 :]
            yield from mutations(each, lambda new, head=head, tail=tail: rebuild([*head, new, *tail]))


@pytest.mark.parametrize("name", ["lock", "threads_and_processes"])
def test_no_content_of_a_file_makes_loading_raise(name: str) -> None:
    home = ROOT / name
    original = tomllib.loads((home / "scenario.toml").read_text(encoding="utf-8"))
    n_faulty = n_sound = 0
    for data in mutations(original):
        if not isinstance(data, dict):
            continue
        if problems(data, home):
            n_faulty += 1
        else:
            n_sound += 1
            scenario = scenario_of(data, home)
            for program in scenario.programs:
                command_line(scenario, program, program.quick)
    assert n_faulty > n_sound > 0


def test_a_duplicate_order_is_named(folder: Path) -> None:
    damage(folder, "order = 20", "order = 10")
    catalogue = load_catalogue(folder)
    assert catalogue.problems == ("race_condition: order 10 is taken by lock",)
    assert len(catalogue.scenarios) == 2


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe\x00"])
def test_what_is_not_toml_does_no_harm(folder: Path, content: bytes) -> None:
    (folder / "lock" / "scenario.toml").write_bytes(content)
    catalogue = load_catalogue(folder)
    assert [scenario.id for scenario in catalogue.scenarios] == ["race_condition"]
    (problem,) = catalogue.problems
    assert problem.startswith("lock/scenario.toml cannot be read: ")


def test_a_faulty_list_of_groups_is_named(folder: Path) -> None:
    (folder / "groups.toml").write_text("[[groups]]\nid = 'shared_data'\n")
    assert "groups.toml: a group needs id and title" in load_catalogue(folder).problems


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    catalogue = load_catalogue(tmp_path)
    assert catalogue.scenarios == ()
    assert catalogue.problems


def test_command_line() -> None:
    catalogue = load_catalogue()
    scenario, program = catalogue.find("race_condition:broken")
    assert command_line(scenario, program, {}) == ()
    assert command_line(scenario, program, {"pace": 0.5, "cashiers": 2}) == ("--pace=0.5", "--cashiers=2")
    with pytest.raises(ValueError, match="cashiers is 99, not between 2 and 12"):
        command_line(scenario, program, {"cashiers": 99})
    with pytest.raises(ValueError, match="has no parameter 'pase'; did you mean 'pace'"):
        command_line(scenario, program, {"pase": 1})
    models, asyncio_program = catalogue.find("threads_and_processes:asyncio")
    with pytest.raises(ValueError, match="threads_and_processes:asyncio has no parameter 'numbers'"):
        command_line(models, asyncio_program, {"numbers": 5})


def parameter(kind, default, low=None, high=None, choices=()) -> Parameter:
    return Parameter("p", kind, default, low, high, choices, {"en": "", "zh": ""})


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (parameter("int", 1, 0, 9), "7", 7),
        (parameter("float", 1.0, 0, 9), "0.25", 0.25),
        (parameter("bool", False), "Yes", True),
        (parameter("bool", False), "false", False),
        (parameter("choice", "a", choices=("a", "b")), "b", "b"),
    ],
)
def test_a_value_is_understood(of: Parameter, text: str, value: object) -> None:
    assert of.parse(text) == value


@pytest.mark.parametrize(
    ("of", "text", "message"),
    [
        (parameter("int", 1, 0, 9), "1.5", "p is '1.5', not a whole number"),
        (parameter("int", 1, 0, 9), "10", "p is 10, not between 0 and 9"),
        (parameter("float", 1.0, 0, 9), "fast", "p is 'fast', not a number"),
        (parameter("float", 1.0, 0, 9), "nan", "p is nan, not between 0 and 9"),
        (parameter("float", 1.0, 0, 9), "inf", "p is inf, not between 0 and 9"),
        (parameter("bool", False), "maybe", "p is 'maybe', not true or false"),
        (parameter("choice", "a", choices=("a", "b")), "c", "p is 'c', not one of a, b"),
    ],
)
def test_a_value_is_refused(of: Parameter, text: str, message: str) -> None:
    with pytest.raises(ValueError, match="p is") as raised:
        of.parse(text)
    assert str(raised.value) == message


def test_expected_findings_are_kinds_of_the_report() -> None:
    assert len(FINDINGS) == len(set(FINDINGS)) == 14
