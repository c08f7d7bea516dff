"""Which group each person is in.

In:  the people as a frame, one row a person and as-of date, and the groups the config declares.
Out: for each declared group, and each declared pair, the label of every row.

Any column of the people can be declared: a characteristic, `year_group`, `school_id`, an extra column; and
what is told by one: `any_sen` (SEN support or an EHC plan) and `part_time` (an fte below 1). A declared column that
the data lack is named in the notes, never dropped in silence.

Whoever has no value is in a group of their own, "not recorded": a school that does not record
something should see how its list serves those people. Only where they are so few that someone could be
recognised are they counted with the largest group, which a note says. Hiding them would not do: whoever takes the
other groups from the list's total has their numbers, so that the next group would have to be hidden with them, and
with three groups that is mostly pupil premium itself (policy and sources: `disclosure`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Fairness

NOT_RECORDED = "not recorded"
TIMES = " × "

Strings = NDArray[np.str_]
Bools = NDArray[np.bool_]
TooFew = Callable[[Bools], bool]  # of some rows: could someone be recognised from their numbers?


@dataclass(frozen=True)
class Told:
    """A group that another column tells: the column, and what each of its labels but "not recorded" says."""

    column: str
    says: Callable[[str], str]


TOLD = {
    "any_sen": Told("sen", lambda label: "no" if label == "N" else "yes"),
    "part_time": Told("fte", lambda label: "yes" if float(label) < 1 else "no"),
}


@dataclass(frozen=True)
class Groups:
    """The labels by which an audit divides its people.

    labels : name of the column, or of the pair ("pupil_premium × sen") -> (n,) str.
    notes  : what was declared but cannot be audited, and who was counted with others, as sentences.
    """

    labels: Mapping[str, Strings]
    notes: tuple[str, ...]


def group_columns(people: pd.DataFrame, fairness: Fairness, too_few: TooFew = lambda rows: False) -> Groups:
    """Return the label of every row in each declared group and pair.

    too_few : tells of the rows that are not recorded in a column whether they are counted with the largest group.

    >>> people = pd.DataFrame({"pupil_premium": [True, None], "sen": ["K", "N"]})
    >>> groups = group_columns(people, Fairness(groups=("any_sen",), intersections=(("pupil_premium", "sen"),)))
    >>> {name: labels.tolist() for name, labels in groups.labels.items()}
    {'any_sen': ['yes', 'no'], 'pupil_premium × sen': ['yes × K', 'not recorded × N']}
    """
    declared = [(column,) for column in fairness.groups] + list(fairness.intersections)
    wanted = dict.fromkeys(column for columns in declared for column in columns)
    there = dict.fromkeys(source for column in wanted if (source := _source(column, people)) in people)
    found = {column: _few_joined(labels_of(people[column]), column, too_few) for column in there}
    single = {
        column: _as_told(column, found[source][0]) for column in wanted if (source := _source(column, people)) in found
    }
    labels = {
        TIMES.join(columns): _together([single[column] for column in columns])
        for columns in declared
        if all(column in single for column in columns)
    }
    notes = [_lacking(column) for column in wanted if column not in single]
    return Groups(labels, (*notes, *(note for _, note in found.values() if note)))


def _source(column: str, people: pd.DataFrame) -> str:
    """Return the column of the people from which a group is read."""
    return TOLD[column].column if column in TOLD and column not in people else column


def _as_told(column: str, labels: Strings) -> Strings:
    """Return the labels of a column, or of what another column's labels say of it.

    >>> _as_told("part_time", np.array(["0.6", "1", "not recorded"])).tolist()
    ['yes', 'no', 'not recorded']
    """
    if column not in TOLD:
        return labels
    names, code = np.unique(labels, return_inverse=True)
    words = [name if name == NOT_RECORDED else TOLD[column].says(name) for name in names.tolist()]
    return np.array(words)[code]


def _few_joined(labels: Strings, column: str, too_few: TooFew) -> tuple[Strings, str]:
    """Return the labels, those not recorded counted with the largest group if they are too few, and a note of it."""
    unknown, largest = labels == NOT_RECORDED, largest_recorded(labels)
    if largest is None or not unknown.any() or not too_few(unknown):
        return labels, ""
    return np.where(unknown, largest, labels), (
        f"Those whose {column.replace('_', ' ')} is not recorded are so few that someone could be recognised: they are "
        f"counted with the largest group, {largest!r}."
    )


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
