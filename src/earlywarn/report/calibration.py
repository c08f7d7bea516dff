"""What the calibration did: the model's probabilities on the test rows before it and after.

In:  `calibration_on_test` of a training run.
Out: rows of one small table; none where the run does not have it.
"""

from collections.abc import Mapping
from typing import Any

from earlywarn.report.words import measure_words, with_interval


def before_and_after(facts: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return (measure, what it says, before, after)."""
    found = facts.get("calibration_on_test") or {}
    rows = []
    for name, before in (found.get("before") or {}).items():
        words = measure_words(name)
        values = [with_interval(each, words.kind) for each in (before, found["after"][name])]
        rows.append((words.label, words.says, values[0], values[1]))
    return rows
