"""How a run was made: versions, data, search, seeds and pins, as labels with what there is to say."""

from collections.abc import Mapping
from typing import Any

from earlywarn.disclosure import HIDDEN
from earlywarn.report.words import day, number

Lines = list[tuple[str, str]]


def made_lines(facts: Mapping[str, Any]) -> Lines:
    """Return the lines of "how it was made" that the run can fill."""
    made_from: Mapping[str, Any] = facts.get("made_from") or {}
    calibration: Mapping[str, Any] = facts.get("calibration") or {}
    lines = [
        ("Version", str(facts.get("version") or "")),
        ("Data from", day(made_from["first_day"]) if made_from.get("first_day") else ""),
        ("Data up to", day(made_from["today"]) if made_from.get("today") else ""),
        ("Left out on request", left_out_words(made_from)),
        ("Schools", _count(made_from.get("schools"))),
        ("Training rows", _of(made_from, "training_rows", "training_outcomes")),
        ("Test rows", _of(made_from, "test_rows", "test_outcomes")),
        ("Calibration", ", ".join(filter(None, (calibration.get("method"), calibration.get("learnt_on"))))),
        *_search(facts),
        ("Seed", _count(facts.get("seed"))),
        ("earlywarn", str(facts.get("earlywarn") or "")),
    ]
    return [(label, said) for label, said in lines if said]


def left_out_words(made_from: Mapping[str, Any]) -> str:
    """Return how many people the exclude file left out; "" where there was none.

    >>> left_out_words({"exclude_file": True, "left_out": "c"}), left_out_words({})
    ('fewer than 5 people, named in a file', '')
    """
    if not made_from.get("exclude_file"):
        return ""
    count = made_from["left_out"]
    people = "fewer than 5 people" if count == HIDDEN else "nobody of these data" if not count else f"{count:,} people"
    return f"{people}, named in a file"


def pins(facts: Mapping[str, Any]) -> Lines:
    """Return the versions of what shapes a model."""
    return [(name, str(version)) for name, version in (facts.get("libraries") or {}).items()]


def settings(facts: Mapping[str, Any]) -> Lines:
    """Return the settings that the search chose."""
    return [(key.replace("_", " "), plain(value)) for key, value in (facts.get("settings") or {}).items()]


def plain(value: object) -> str:
    """Return a setting; four figures are enough to compare by.

    >>> plain(0.0612345), plain(31), plain(True)
    ('0.06123', '31', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _search(facts: Mapping[str, Any]) -> Lines:
    """Return how the settings were searched for: in the run's own words, or the number of trials."""
    sampler = facts.get("sampler")
    if isinstance(sampler, Mapping):
        said = {key.replace("_", " "): plain(value) for key, value in sampler.items() if value is not None}
        return [(f"Search: {key}", value) for key, value in said.items()]
    trials = len(facts.get("trials") or ())
    return [("Search for settings", str(sampler))] if sampler else [("Trials of settings", str(trials or ""))]


def _of(made_from: Mapping[str, Any], rows: str, outcomes: str) -> str:
    if made_from.get(rows) is None:
        return ""
    return f"{_count(made_from[rows])}; {_count(made_from.get(outcomes))} of them with the outcome"


def _count(value: object) -> str:
    return "" if value is None else number(value, "count")
