import json
import os

import pytest
from click.testing import CliRunner

from syncscope.catalogue import load_catalogue
from syncscope.cli import cli


def test_list_as_json_has_every_program() -> None:
    result = CliRunner().invoke(cli, ["list", "--json"])
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    listed = {(s["id"], p["id"]) for s in tree["scenarios"] for p in s["programs"]}
    assert listed == {(s.id, p.id) for s in load_catalogue().scenarios for p in s.programs}
    assert tree["problems"] == []
    assert all(os.path.isfile(p["file"]) for s in tree["scenarios"] for p in s["programs"])


@pytest.mark.parametrize(("language", "word"), [("en", "Four cashiers"), ("zh", "收银员")], ids=["en", "zh"])
def test_list_names_what_can_be_run(language: str, word: str) -> None:
    result = CliRunner().invoke(cli, ["list", "--lang", language])
    assert result.exit_code == 0
    assert "race_condition" in result.stdout
    assert ":wrong_lock" in result.stdout
    assert word in result.stdout
    assert "…" not in result.stdout


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Shared memory"), ("zh", "共享内存")], ids=["en", "zh"]
)
def test_doctor_says_what_is_there(language: str, word: str) -> None:
    result = CliRunner().invoke(cli, ["doctor", "--lang", language])
    assert result.exit_code == 0
    assert word in result.stdout
    assert "Textual" in result.stdout
