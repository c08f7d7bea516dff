"""Which group each person is in.

In:  the people as a frame, one row a person and as-of date, and the groups the config declares.
Out: for each declared group, and each declared pair, the label of every row.

Whoever has no value is in a group of their own, "not recorded": a school that does not record
something should see how its list serves those people. A declared column that the data lack is
named in the notes, never dropped in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Fairness

NOT_RECORDED = "not recorded"
TIMES = " × "

Strings = NDArray[np.str_]


@dataclass(frozen=True)
class Groups:
    """The labels by which an audit divides its people.

    labels : name of the column, or of the pair ("pupil_premium × sen") -> (n,) str.
    notes  : what was declared but cannot be audited, as sentences.
    """

    labels: Mapping[str, Strings]
    notes: tuple[str, ...]


def group_columns(people: pd.DataFrame, fairness: Fairness) -> Groups:
    """Return the label of every row in each declared group and pair.

    >>> people = pd.DataFrame({"pupil_premium": [True, None], "sen": ["K", "N"]})
    >>> group_columns(people, Fairness()).labels["pupil_premium × sen"].tolist()
    ['yes × K', 'not recorded × N']
    """
    declared = [(column,) for column in fairness.groups] + list(fairness.intersections)
    wanted = dict.fromkeys(column for columns in declared for column in columns)
    single = {column: labels_of(people[column]) for column in wanted if column in people}
    labels = {
        TIMES.join(columns): _together([single[column] for column in columns])
        for columns in declared
        if all(column in single for column in columns)
    }
    return Groups(labels, tuple(_lacking(column) for column in wanted if column not in single))


def labels_of(values: "pd.Series[Any]") -> Strings:
    """Return each value as a label: yes and no for booleans, "not recorded" for a missing or empty one.

    >>> labels_of(pd.Series([7.0, None, 11.0])).tolist()
    ['7', 'not recorded', '11']
    """
    codes, distinct = pd.factorize(values)
    # A missing value has the code -1, which is the last of the words.
    words = [_word(value) for value in distinct] + [NOT_RECORDED]
    return np.array(words)[codes]


def largest_recorded(labels: Strings) -> str | None:
    """Return the group that others are compared with; None where nobody's group is recorded.

    Of equally large groups it is the first by name.

    >>> largest_recorded(np.array(["yes", "no", "no", "not recorded"]))
    'no'
    """
    names, sizes = np.unique(labels, return_counts=True)
    recorded = [NOT_RECORDED not in name.split(TIMES) for name in names.tolist()]
    if not any(recorded):
        return None
    return str(names[recorded][sizes[recorded].argmax()])


def _together(parts: list[Strings]) -> Strings:
    together = parts[0]
    for part in parts[1:]:
        together = np.char.add(np.char.add(together, TIMES), part)
    return together


def _word(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or NOT_RECORDED


def _lacking(column: str) -> str:
    return f"The config declares the group {column!r}, but the data do not hold it: nothing can be said about it."
