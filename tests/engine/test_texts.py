"""Every phrase exists in every language, with the same placeholders."""

import re

import pytest

from syncscope_engine.phrases import LANGUAGES, duration, list_of, phrases, say

PLACEHOLDER = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_same_keys_and_placeholders(lang):
    english, other = phrases("en"), phrases(lang)
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(other[key])), key
        assert other[key]


def test_chinese_is_chinese():
    same = [key for key, text in phrases("zh").items() if text == phrases("en")[key]]
    assert [key for key in same if PLACEHOLDER.sub("", phrases("en")[key]).strip(" :·()")] == []


def test_english_for_a_language_that_we_do_not_speak():
    assert say("xx", "wait.other") == "waits"


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (850, "850 ns"),
        (1_250, "1.2 µs"),
        (12_400, "12 µs"),
        (999_600, "1.0 ms"),
        (340_000_000, "340 ms"),
        (1_240_000_000, "1.2 s"),
        (59_900_000_000, "60 s"),
        (125_000_000_000, "2 min 05 s"),
    ],
)
def test_durations(ns, text):
    assert duration("en", ns) == text


def test_lists():
    assert [list_of("en", names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
